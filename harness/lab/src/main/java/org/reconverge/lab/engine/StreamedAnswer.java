package org.reconverge.lab.engine;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.ResponseItem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Follows a long answer of the engine and keeps its error, which the client library would write to the log. */
abstract class StreamedAnswer<T extends ResponseItem> extends ResultCallback.Adapter<T> {

    private volatile @Nullable String error;

    @Override
    public void onNext(T item) {
        if (item.isErrorIndicated()) {
            ResponseItem.ErrorDetail detail = item.getErrorDetail();
            error = detail == null || detail.getMessage() == null ? "no reason given" : detail.getMessage();
        }
    }

    @Override
    public void onError(Throwable failure) {
        if (error == null) {
            error = EngineMessage.of(failure);
        }
        try {
            close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns what went wrong, in the engine's words; empty if nothing did so far. */
    Optional<String> error() {
        return Optional.ofNullable(error);
    }
}
