package org.reconverge.tests;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.reconverge.junit.Faults;
import org.reconverge.lab.Lab;
import org.reconverge.lab.engine.Engine;

/** A process of its own that starts a lab, injects a fault, and waits to be ended by {@link CleanUpIT}. */
final class LabProcess {

    private LabProcess() {}

    /** Takes the directory to unpack into. */
    public static void main(String[] arguments) throws InterruptedException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        Engine engine = Engine.connect();
        Lab lab = Lab.start(Labs.bundled("minimal", Path.of(arguments[0]), engine));
        out.println("lab " + lab.id());
        lab.inject(Faults.linkDown("isp:eth2"));
        out.println("injected");
        new CountDownLatch(1).await();
    }
}
