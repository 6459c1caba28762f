package org.reconverge.emulator;

/** The emulator's command line. */
public final class Emulator {

    private Emulator() {}

    /** Prints how it is called. */
    public static void main(String[] arguments) {
        System.err.println("usage: reconverge-emulator serve|probe");
        System.exit(2);
    }
}
