package dev.torpor.cli.demo;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What the team found.
 *
 * @param files how many files were reviewed
 * @param checks the checks that found something, those with most findings first
 * @param topFiles the files with most findings, and how many
 */
record Report(int files, List<Section> checks, List<FileCount> topFiles) {
  private static final int MAX_LISTED = 50;
  private static final int MAX_FILES = 10;

  Report {
    checks = List.copyOf(checks);
    topFiles = List.copyOf(topFiles);
  }

  /**
   * What one check found.
   *
   * @param why why anybody should care
   * @param count how many findings
   * @param findings the first of them
   */
  record Section(String check, String why, int count, List<Finding> findings) {
    Section {
      findings = List.copyOf(findings);
    }
  }

  record FileCount(String file, int count) {}

  static Report of(int files, List<Finding> findings) {
    List<Section> checks =
        by(Finding::check, findings).entrySet().stream()
            .map(entry -> section(entry.getKey(), entry.getValue()))
            .sorted(Comparator.comparing(Section::count).reversed().thenComparing(Section::check))
            .toList();
    List<FileCount> topFiles =
        by(Finding::file, findings).entrySet().stream()
            .map(entry -> new FileCount(entry.getKey(), entry.getValue().size()))
            .sorted(
                Comparator.comparing(FileCount::count).reversed().thenComparing(FileCount::file))
            .limit(MAX_FILES)
            .toList();
    return new Report(files, checks, topFiles);
  }

  private static Map<String, List<Finding>> by(
      Function<Finding, String> key, List<Finding> findings) {
    return findings.stream().collect(Collectors.groupingBy(key));
  }

  private static Section section(String check, List<Finding> findings) {
    List<Finding> first =
        findings.stream()
            .sorted(Comparator.comparing(Finding::file).thenComparing(Finding::line))
            .limit(MAX_LISTED)
            .toList();
    return new Section(check, Checks.why(check), findings.size(), first);
  }
}
