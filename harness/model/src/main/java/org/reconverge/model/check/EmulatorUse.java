package org.reconverge.model.check;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.reconverge.model.history.History;
import org.reconverge.model.history.HistoryEvent.ResourcesUsed;

/**
 * What the process of an emulator used between an event and the next.
 *
 * @param where its clients, separated by commas, or its site
 * @param resident the largest resident set, in octets; pages that emulators share are counted for each
 * @param cpu processor time, as a share of the elapsed time: 1.0 is one core
 * @param busiest the same of the second in which it was largest
 */
public record EmulatorUse(String where, long resident, double cpu, double busiest) {

    static List<EmulatorUse> of(History history, Window window) {
        Map<String, List<ResourcesUsed>> readings = new LinkedHashMap<>();
        for (ResourcesUsed used : history.all(ResourcesUsed.class)) {
            if (used.at().compareTo(window.event().before()) >= 0 && used.at().compareTo(window.end(history)) <= 0) {
                readings.computeIfAbsent(used.where(), key -> new ArrayList<>()).add(used);
            }
        }
        return readings.entrySet().stream()
                .filter(entry -> entry.getValue().size() > 1)
                .map(entry -> of(entry.getKey(), entry.getValue()))
                .toList();
    }

    private static EmulatorUse of(String where, List<ResourcesUsed> readings) {
        double busiest = 0;
        for (int i = 1; i < readings.size(); i++) {
            busiest = Math.max(busiest, share(readings.get(i - 1), readings.get(i)));
        }
        return new EmulatorUse(
                where,
                readings.stream().mapToLong(ResourcesUsed::residentBytes).max().orElse(0),
                share(readings.get(0), readings.get(readings.size() - 1)),
                busiest);
    }

    private static double share(ResourcesUsed from, ResourcesUsed to) {
        Duration elapsed = to.at().since(from.at());
        return elapsed.isZero() ? 0 : (double) to.cpu().minus(from.cpu()).toNanos() / elapsed.toNanos();
    }
}
