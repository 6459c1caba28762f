package org.reconverge.lab.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Optional;

/** Finds the engine's own words in what the client library throws. */
final class EngineMessage {

    private static final JsonMapper JSON = new JsonMapper();

    private EngineMessage() {}

    static String of(Throwable failure) {
        return text(failure).strip();
    }

    private static String text(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        String message = Optional.ofNullable(root.getMessage())
                .filter(text -> !text.isBlank())
                .orElse(root.getClass().getSimpleName());
        // The library's form is: Status 404: {"message":"No such image: …"}
        int json = message.indexOf('{');
        if (message.startsWith("Status ") && json > 0) {
            try {
                JsonNode text = JSON.readTree(message.substring(json)).path("message");
                return text.isTextual() ? text.asText() : message;
            } catch (JsonProcessingException e) {
                return message;
            }
        }
        return message;
    }
}
