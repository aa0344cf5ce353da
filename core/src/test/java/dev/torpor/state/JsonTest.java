package dev.torpor.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

  @Test
  void numbersComeBackInTheirSmallestType() {
    assertThat(Json.freeze((byte) 1)).isEqualTo(1);
    assertThat(Json.freeze((short) 1)).isEqualTo(1);
    assertThat(Json.freeze(1L)).isEqualTo(1);
    assertThat(Json.freeze(1L << 40)).isEqualTo(1L << 40);
    assertThat(Json.freeze(BigInteger.TEN)).isEqualTo(10);
    BigInteger big = BigInteger.TWO.pow(80);
    assertThat(Json.freeze(big)).isEqualTo(big);
    assertThat(Json.freeze(BigInteger.TWO.pow(63))).isEqualTo(BigInteger.TWO.pow(63));
    assertThat(Json.freeze(0.1f)).isEqualTo(0.1);
    assertThat(Json.freeze(new BigDecimal("0.10"))).isEqualTo(0.1);
    BigDecimal exact = new BigDecimal("0.12345678901234567890123");
    assertThat(Json.freeze(exact)).isEqualTo(exact);
    assertThat(Json.freeze(new BigDecimal("1E+400"))).isEqualTo(new BigDecimal("1E+400"));
  }

  @Test
  void aZeroHasNoSign() {
    assertThat(Json.freeze(-0.0)).isEqualTo(0.0);
  }

  @Test
  void aLongWholeDecimalIsAnInteger() {
    String digits = "1234567890123456789012345678901";
    assertThat(Json.freeze(new BigDecimal(digits))).isEqualTo(new BigInteger(digits));
  }

  @Test
  void whatIsNoJsonIsRefused() {
    for (Object value :
        List.of(
            Double.NaN,
            Float.POSITIVE_INFINITY,
            new AtomicInteger(),
            new Object(),
            'c',
            Map.of(1, 2),
            Map.of("\ud800", 1),
            List.of(Map.of("k", Map.of("a\udc00\ud800", 1))),
            Map.of("ends in half \ud83d", 1),
            List.of(new Object()),
            new int[0])) {
      assertThatIllegalArgumentException().isThrownBy(() -> Json.freeze(value));
    }
    Map<String, Object> nullKey = new HashMap<>();
    nullKey.put(null, 1);
    assertThatIllegalArgumentException().isThrownBy(() -> Json.freeze(nullKey));
  }

  @Test
  void aFrozenValueIsACopyThatNobodyChanges() {
    List<Object> list = new ArrayList<>(Arrays.asList(1, null));
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("b", list);
    map.put("a", null);
    Map<?, ?> frozen = (Map<?, ?>) Json.freeze(map);
    list.add("later");
    map.clear();
    assertThat(frozen).hasToString("{b=[1, null], a=null}");
    assertThat(frozen.containsKey("a")).isTrue();
    assertThat(frozen.get("a")).isNull();
    assertThat(frozen.get("c")).isNull();
    assertThat(Json.freeze(Map.of("\ud83d\ude00", "\ud800"))).hasToString("{\ud83d\ude00=\ud800}");
    assertThatThrownBy(frozen::clear).isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> ((List<?>) frozen.get("b")).removeFirst())
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void whatIsFrozenIsNotCopiedAgain() {
    Object list = Json.freeze(List.of(1));
    Object map = Json.freeze(Map.of("k", 1));
    assertThat(Json.freeze(list)).isSameAs(list);
    assertThat(Json.freeze(map)).isSameAs(map);
    assertThat(Json.freezeObject(null)).isEmpty();
    assertThat(Json.freezeObject(Map.of())).isEmpty();
  }

  private static Object nested(int depth) {
    Object value = 1;
    for (int i = 0; i < depth; i++) {
      value = i % 2 == 0 ? List.of(value) : Map.of("k", value);
    }
    return value;
  }

  @Test
  void valuesNestToADepthAndNotDeeperEvenWhenPartsWereFrozen() {
    assertThat(Json.freeze(nested(Json.MAX_DEPTH))).isNotNull();
    assertThatIllegalArgumentException().isThrownBy(() -> Json.freeze(nested(Json.MAX_DEPTH + 1)));
    Object frozen = Json.freeze(nested(Json.MAX_DEPTH));
    assertThatIllegalArgumentException().isThrownBy(() -> Json.freeze(List.of(frozen)));
    assertThatIllegalArgumentException().isThrownBy(() -> Json.freeze(Map.of("k", frozen)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "abc", "äöü", "€", "😀", "a😀€ä\u007f\u0080\u07ff\u0800\uffff"})
  void theLengthOfATextIsThatOfItsBytes(String text) {
    assertThat(Json.utf8Length(text)).isEqualTo(text.getBytes(StandardCharsets.UTF_8).length);
  }

  @Test
  void aSizeIsNeverLessThanItsText() {
    for (Object value :
        Arrays.asList(
            null,
            true,
            1,
            -1L << 62,
            1.5e-300,
            "ä€",
            BigInteger.TWO.pow(200).negate(),
            new BigDecimal("-0.0000001"),
            new BigDecimal("-1E-400"),
            Collections.nCopies(5, Map.of("k", List.of(1, 2))))) {
      String text = String.valueOf(value).replace(" ", "");
      assertThat(Json.size(value)).isGreaterThanOrEqualTo(Json.utf8Length(text));
    }
  }
}
