package org.reconverge.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ScheduleTest {

    private static final long START = 5_000_000_123L;
    private static final long MILLISECOND = 1_000_000L;

    /** A third of a second is no whole number of nanoseconds: adding intervals up would lose one every second. */
    @Test
    void doesNotDrift() {
        Schedule schedule = new Schedule(START, 3);
        for (int i = 0; i < 3 * 86_400; i++) {
            schedule.take(schedule.due());
        }
        assertThat(schedule.due()).isEqualTo(START + 86_400_000 * MILLISECOND);
    }

    @Test
    void keepsThePlanWhenTheSenderIsALittleLate() {
        Schedule schedule = new Schedule(START, 100);
        assertThat(schedule.take(START + 9 * MILLISECOND)).isZero();
        assertThat(schedule.due()).isEqualTo(START + 10 * MILLISECOND);
        assertThat(schedule.take(START + 10 * MILLISECOND + 1)).isZero();
        assertThat(schedule.due()).isEqualTo(START + 20 * MILLISECOND);
    }

    @Test
    void givesUpMissedSlotsInsteadOfABurst() {
        Schedule schedule = new Schedule(START, 100);
        schedule.take(START);
        assertThat(schedule.take(START + 257 * MILLISECOND)).isEqualTo(247 * MILLISECOND);
        assertThat(schedule.due()).isEqualTo(START + 260 * MILLISECOND);
    }
}
