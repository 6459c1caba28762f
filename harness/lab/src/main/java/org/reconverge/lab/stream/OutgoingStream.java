package org.reconverge.lab.stream;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The standard input of a remote process, as the input stream that the engine's client reads from.
 *
 * <p>{@link java.io.PipedInputStream} is not used: it wakes up once a second while idle and ties itself to the life of
 * the writing thread.
 */
final class OutgoingStream extends InputStream {

    private static final byte[] END = new byte[0];

    private final BlockingQueue<byte[]> queue = new LinkedBlockingQueue<>();
    private byte @Nullable [] current;
    private int position;
    private final CountDownLatch drained = new CountDownLatch(1);

    void send(byte[] octets) {
        if (octets.length > 0) {
            queue.add(octets);
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        byte[] source = current;
        if (source == null) {
            try {
                source = queue.take();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                drained.countDown();
                return -1;
            }
            position = 0;
        }
        if (source.length == 0) {
            current = END;
            drained.countDown();
            return -1;
        }
        int count = Math.min(length, source.length - position);
        System.arraycopy(source, position, target, offset, count);
        position += count;
        current = position == source.length ? null : source;
        return count;
    }

    @Override
    public void close() {
        queue.add(END);
    }

    /** Waits until everything that was sent has been read, and the end too. */
    boolean awaitDrained(Duration timeout) throws InterruptedException {
        return drained.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }
}
