package dev.torpor.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChecksTest {
  private static List<String> found(String path, String text) {
    return Checks.review(SourceFile.of(path, text)).stream()
        .map(finding -> finding.check() + ":" + finding.line())
        .toList();
  }

  private static String javaMethod(int lines) {
    return "class A {\n  void long1(int a) throws E {\n"
        + "    if (a) { b(); }\n".repeat(lines - 2)
        + "  }\n}\n";
  }

  @Test
  void aMethodIsLongFromOneLineOverTheLimit() {
    assertThat(found("A.java", javaMethod(LongMethods.MAX_LINES))).isEmpty();
    assertThat(found("A.java", javaMethod(LongMethods.MAX_LINES + 1)))
        .containsExactly("long method:2");
  }

  @Test
  void bracesInStringsAndCommentsDoNotMakeAMethodLong() {
    String text =
        "class A {\n  void f() {\n    s(\"{\"); // {\n  }\n" + "  int x;\n".repeat(80) + "}\n";

    assertThat(found("A.java", text)).isEmpty();
  }

  @Test
  void aLongRecordIsNoMethod() {
    assertThat(found("A.java", "record A(int a) {\n" + "  // line\n".repeat(80) + "}\n")).isEmpty();
  }

  @Test
  void aLongFunctionIsFoundInOtherLanguages() {
    String body = "  x = 1\n".repeat(LongMethods.MAX_LINES);

    assertThat(found("a.py", "def f(a,\n  b\n):\n" + body + "y = 1\n"))
        .containsExactly("long method:1");
    assertThat(found("a.go", "func (a A) f(b int) {\n" + body + "}\n"))
        .containsExactly("long method:1");
    assertThat(found("a.rs", "fn f<'a>(b: &'a str) -> u8 {\n" + body + "}\n"))
        .containsExactly("long method:1");
    assertThat(found("a.ts", "export function f(b: X): Y {\n" + body + "}\n"))
        .containsExactly("long method:1");
  }

  @Test
  void aFileIsLongFromOneLineOverTheLimit() {
    assertThat(found("A.java", "\n".repeat(LongFiles.MAX_LINES))).isEmpty();
    assertThat(found("A.java", "\n".repeat(LongFiles.MAX_LINES + 1)))
        .containsExactly("long file:0");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      textBlock =
          """
          A.java, `try { a(); } catch (E e) { }`
          a.ts,   `try { a() } catch {}`
          a.py,   `except E as e:\n    pass`
          a.go,   `if err != nil {\n}`
          """)
  void aHandlerThatDoesNothingIsFound(String path, String text) {
    assertThat(found(path, text.replace("\\n", "\n"))).containsExactly("swallowed exception:1");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      textBlock =
          """
          A.java, `catch (E e) { log(e); }`
          A.java, `catch (E e) { // it is gone already\n }`
          A.java, `catch (E ignored) { }`
          A.java, `catch (E _) { }`
          A.java, `String s = "catch (E e) { }";`
          a.py,   `except E:\n    raise`
          """)
  void aHandlerThatDoesSomethingOrSaysWhyNotIsLeftAlone(String path, String text) {
    assertThat(found(path, text.replace("\\n", "\n"))).isEmpty();
  }

  @Test
  void notesLeftBehindAreFoundInCommentsAlone() {
    assertThat(found("A.java", "int a;\n// TODO later\nString b = \"TODO\";\nint TODO;\n"))
        .containsExactly("note left behind:2");
    assertThat(found("a.py", "# FIXME\n")).containsExactly("note left behind:1");
    assertThat(found("A.java", "// TODOS are no notes\n")).isEmpty();
  }

  @Test
  void printedStackTracesAreFoundInCodeAlone() {
    assertThat(found("A.java", "e.printStackTrace();\n// e.printStackTrace();\n"))
        .containsExactly("printed stack trace:1");
    assertThat(found("A.java", "e.printStackTrace(writer);\n")).isEmpty();
  }

  @Test
  void wildcardImportsAreFoundAndStaticOnesAreNot() {
    assertThat(found("A.java", "import java.util.*;\nimport static a.B.*;\nimport a.B;\n"))
        .containsExactly("wildcard import:1");
    assertThat(found("a.py", "from os import *\nfrom os import path\n"))
        .containsExactly("wildcard import:1");
  }

  @Test
  void aSleepIsMagicWhenItsTimeIsANumber() {
    assertThat(found("A.java", "Thread.sleep(1_000);\nThread.sleep(PAUSE);\n"))
        .containsExactly("magic sleep:1");
  }

  @Test
  void oneFileTellsNoMoreThanItsShare() {
    assertThat(found("A.java", "// TODO\n".repeat(400))).hasSize(Checks.MAX_FINDINGS_PER_FILE);
  }

  @Test
  void everyCheckSaysWhy() {
    assertThat(Checks.ALL).allSatisfy(check -> assertThat(Checks.why(check.name())).isNotEmpty());
    assertThat(Checks.why(MissingTests.NAME)).isNotEmpty();
  }
}
