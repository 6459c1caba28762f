package org.reconverge.reports.html;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.LongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.reconverge.model.check.ProbeLog.Fate;
import org.reconverge.model.check.ProbeLog.Probe;
import org.reconverge.model.history.MonotonicTime;
import org.reconverge.reports.ParsedXml;
import org.w3c.dom.Element;

class LaneTest {

    private static final Duration MILLISECOND = Duration.ofMillis(1);
    private static final List<String> SITES = List.of("berlin", "frankfurt");
    private static final Axis MINUTE = new Axis(at(0), at(60_000), at(20_000), "the event", 720);

    private static MonotonicTime at(long millis) {
        return new MonotonicTime(5_000_000_000L + millis * 1_000_000);
    }

    /** A minute at 1000/s. */
    private static List<Probe> minute(LongFunction<Fate> fates) {
        List<Probe> probes = new ArrayList<>();
        for (long i = 0; i < 60_000; i++) {
            Fate fate = fates.apply(i);
            boolean answered = fate == Fate.GOOD || fate == Fate.LATE;
            probes.add(new Probe(
                    i,
                    at(i),
                    fate,
                    answered ? Optional.of(at(i + 1)) : Optional.empty(),
                    answered ? Optional.of(i < 20_000 ? "berlin" : "frankfurt") : Optional.empty()));
        }
        return probes;
    }

    private static ParsedXml draw(List<Probe> probes) {
        return ParsedXml.of(
                Lane.of(probes, MILLISECOND, SITES, MINUTE).draw(16, SITES).render());
    }

    private static BitSet columns(ParsedXml lane, String cssClass) {
        BitSet columns = new BitSet();
        for (Element path : lane.all("path", cssClass)) {
            Matcher run = Pattern.compile("M(\\d+) 0h(\\d+)").matcher(path.getAttribute("d"));
            while (run.find()) {
                int from = Integer.parseInt(run.group(1));
                columns.set(from, from + Integer.parseInt(run.group(2)));
            }
        }
        return columns;
    }

    private static long labelled(ParsedXml lane) {
        return lane.all("rect", "label").stream()
                .mapToLong(label -> Long.parseLong(label.getAttribute("data-lost")))
                .sum();
    }

    @Test
    void oneLostProbeOfSixtyThousandIsSeen() {
        ParsedXml lane = draw(minute(i -> i == 41_234 ? Fate.LOST : Fate.GOOD));

        assertThat(columns(lane, "lost").get(41_234 * 720 / 60_000)).isTrue();
        assertThat(lane.all("rect", "label")).hasSize(1);
        assertThat(lane.all("title").get(0).getTextContent()).isEqualTo("1 probe lost, 21.23 s after the event");
    }

    @Test
    void everyLostProbeIsDrawnAndCounted() {
        Random random = new Random(7);
        List<Probe> probes = minute(i -> random.nextInt(1000) < 3
                ? Fate.LOST
                : random.nextInt(1000) < 2 ? Fate.LATE : random.nextInt(1000) < 2 ? Fate.UNDECIDED : Fate.GOOD);

        ParsedXml lane = draw(probes);

        BitSet marked = columns(lane, "lost");
        marked.or(columns(lane, "late"));
        List<Probe> lost = probes.stream()
                .filter(probe -> probe.fate() == Fate.LOST || probe.fate() == Fate.LATE)
                .toList();
        assertThat(lost).hasSizeGreaterThan(200);
        assertThat(lost).allMatch(probe -> marked.get((int) Math.floor(MINUTE.at(probe.sent()))));
        assertThat(labelled(lane)).isEqualTo(lost.size());
    }

    @Test
    void theWorstFlappingStaysSmall() {
        String alternating = Lane.of(minute(i -> i % 90 < 45 ? Fate.LOST : Fate.GOOD), MILLISECOND, SITES, MINUTE)
                .draw(16, SITES)
                .render();

        assertThat(alternating).hasSizeLessThan(30_000);
        assertThat(labelled(ParsedXml.of(alternating))).isEqualTo(60_000 / 2 + 15);
    }

    @Test
    void theAnsweringSiteIsTheColour() {
        ParsedXml lane = draw(minute(i -> Fate.GOOD));

        assertThat(columns(lane, "c0").cardinality()).isEqualTo(240);
        assertThat(columns(lane, "c1").cardinality()).isEqualTo(480);
        assertThat(lane.all("text", "site-name").stream().map(Element::getTextContent))
                .containsExactly("berlin", "frankfurt");
    }

    @Test
    void whatWasNotWatchedIsAGap() {
        List<Probe> probes = minute(i -> Fate.GOOD);
        probes.subList(30_000, 31_000).clear();

        ParsedXml lane = draw(probes);

        assertThat(columns(lane, "c1").get(361, 371).isEmpty()).isTrue();
    }
}
