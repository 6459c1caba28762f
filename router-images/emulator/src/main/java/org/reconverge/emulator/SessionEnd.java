package org.reconverge.emulator;

import java.util.concurrent.CompletableFuture;

/** One end of the sessions of one protocol. */
interface SessionEnd {

    /** Completes when a server listens, and when a client has begun to connect; in no particular thread. */
    CompletableFuture<Void> begun();

    /** Ends all connections and writes what is left to write. */
    void finish();
}
