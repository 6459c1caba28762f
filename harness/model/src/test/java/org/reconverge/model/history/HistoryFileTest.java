package org.reconverge.model.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reconverge.model.history.HistoryEvent.NodeLog;
import org.reconverge.model.history.HistoryEvent.ProbesSent;
import org.reconverge.model.history.HistoryEvent.RepliesReceived;
import org.reconverge.model.history.HistoryEvent.TrialEnded;

class HistoryFileTest {

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"history.jsonl", "history.jsonl.gz"})
    void whatIsWrittenIsReadBack(String name) {
        Path file = directory.resolve(name);
        try (HistoryWriter writer = HistoryWriter.create(file)) {
            HistoryCodecTest.oneOfEach().forEach(writer::append);
        }
        History history = HistoryReader.read(file);
        assertThat(history.events()).usingRecursiveComparison().isEqualTo(HistoryCodecTest.oneOfEach());
        assertThat(history.truncation()).isEmpty();
    }

    @Test
    void theNameDecidesAboutCompression() throws Exception {
        Path file = directory.resolve("history.jsonl.gz");
        try (HistoryWriter writer = HistoryWriter.create(file)) {
            writer.append(log(1));
        }
        assertThat(Files.readAllBytes(file)).startsWith(0x1f, 0x8b);
    }

    @ParameterizedTest
    @ValueSource(strings = {"history.jsonl", "history.jsonl.gz"})
    void everyAppendedEventIsInTheFileBeforeItIsClosed(String name) {
        Path file = directory.resolve(name);
        try (HistoryWriter writer = HistoryWriter.create(file)) {
            for (int i = 0; i < 100; i++) {
                writer.append(log(i));
            }
            assertThat(HistoryReader.read(file).events()).hasSize(100);
        }
    }

    @Test
    void anExistingHistoryIsNeverOverwritten() {
        Path file = directory.resolve("history.jsonl");
        HistoryWriter.create(file).close();
        assertThatThrownBy(() -> HistoryWriter.create(file))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    void threadsDoNotTearLines() throws Exception {
        Path file = directory.resolve("history.jsonl.gz");
        List<Thread> threads = new ArrayList<>();
        try (HistoryWriter writer = HistoryWriter.create(file)) {
            for (int t = 0; t < 4; t++) {
                Thread thread = new Thread(() -> {
                    for (int i = 0; i < 500; i++) {
                        writer.append(log(i));
                    }
                });
                threads.add(thread);
                thread.start();
            }
            for (Thread thread : threads) {
                thread.join();
            }
        }
        assertThat(HistoryReader.read(file).events()).hasSize(2000);
    }

    @Test
    void aCutLastLineIsReportedAndTheRestIsKept() throws Exception {
        Path file = directory.resolve("history.jsonl");
        Files.writeString(
                file,
                HistoryCodec.toLine(log(1)) + "\n" + HistoryCodec.toLine(log(2)).substring(0, 20));
        History history = HistoryReader.read(file);
        assertThat(history.events()).hasSize(1);
        assertThat(history.truncation()).contains("line 2 is cut off after 20 characters");
    }

    @Test
    void aCutCompressedFileIsReadUpToTheCutWhereverItIs() throws Exception {
        Path whole = directory.resolve("whole.jsonl.gz");
        try (HistoryWriter writer = HistoryWriter.create(whole)) {
            for (int i = 0; i < 50; i++) {
                writer.append(log(i));
            }
        }
        byte[] bytes = Files.readAllBytes(whole);
        int read = 0;
        for (int length = 0; length < bytes.length; length += 7) {
            Path cut = directory.resolve("cut-" + length + ".jsonl.gz");
            Files.write(cut, Arrays.copyOf(bytes, length));
            History history = HistoryReader.read(cut);
            assertThat(history.truncation()).as("cut after %s octets", length).isPresent();
            assertThat(history.events().size())
                    .as("cut after %s octets", length)
                    .isBetween(read, 50);
            read = history.events().size();
        }
        assertThat(read).as("events before the last cut").isGreaterThanOrEqualTo(49);
    }

    @Test
    void aBadLineInTheMiddleIsAnErrorThatNamesItsPlace() throws Exception {
        Path file = directory.resolve("history.jsonl");
        Files.writeString(file, HistoryCodec.toLine(log(1)) + "\ngarbage\n" + HistoryCodec.toLine(log(2)) + "\n");
        assertThatThrownBy(() -> HistoryReader.read(file))
                .isInstanceOf(MalformedHistoryException.class)
                .hasMessageStartingWith(file + ":2: expected a history event, but found 'garbage'");
    }

    @Test
    void aHundredThousandProbesAreReadInSeconds() {
        Path file = directory.resolve("history.jsonl.gz");
        try (HistoryWriter writer = HistoryWriter.create(file)) {
            for (int batch = 0; batch < 1000; batch++) {
                long[] sequence = new long[100];
                long[] sent = new long[100];
                long[] received = new long[100];
                String[] site = new String[100];
                for (int i = 0; i < 100; i++) {
                    sequence[i] = batch * 100L + i;
                    sent[i] = 81_234_567_890_123L + sequence[i] * 1_000_000;
                    received[i] = sent[i] + 312_345;
                    site[i] = "berlin";
                }
                writer.append(new ProbesSent("gw/udp", sequence[0], sent));
                writer.append(new RepliesReceived("gw/udp", sequence, received, site, "203.0.113.10"));
            }
            writer.append(new TrialEnded(new MonotonicTime(1), true, ""));
        }
        long start = System.nanoTime();
        History history = HistoryReader.read(file);
        assertThat(history.events()).hasSize(2001);
        // Generous: it takes about 0.2 s; a codec that became quadratic would not pass.
        assertThat(System.nanoTime() - start).isLessThan(5_000_000_000L);
    }

    private static HistoryEvent log(int i) {
        return new NodeLog(new MonotonicTime(i), "node", "a line with some text, number " + i);
    }
}
