package org.reconverge.junit;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.assertj.core.api.AbstractAssert;
import org.reconverge.lab.Client;

/** Assertions about a client as it is served now. */
public class ClientAssert extends AbstractAssert<ClientAssert, Client> {

    /** Creates the assertion. */
    public ClientAssert(Client actual) {
        super(actual, ClientAssert.class);
    }

    /**
     * Verifies that every probe of the client is answered, and by this site.
     *
     * <p>With gw-north at home in Berlin:
     *
     * <pre>{@code
     * assertThat(lab.client("gw-north")).isServedBy("berlin");    // passes
     * assertThat(lab.client("gw-north")).isServedBy("frankfurt"); // fails
     * }</pre>
     *
     * @param site the site's name in the spec
     * @throws IllegalArgumentException if the spec has no such site
     */
    public ClientAssert isServedBy(String site) {
        isNotNull();
        actual.lab().spec().site(site);
        describeMismatch(actual.name(), site, actual.servedBy()).ifPresent(message -> failWithMessage("%s", message));
        return this;
    }

    static Optional<String> describeMismatch(String client, String site, Map<String, Optional<String>> sites) {
        if (sites.values().stream().allMatch(answering -> answering.equals(Optional.of(site)))) {
            return Optional.empty();
        }
        boolean single = sites.values().stream().distinct().count() == 1;
        String found = single
                ? sites.values()
                        .iterator()
                        .next()
                        .map(one -> "it is served by " + one)
                        .orElse("no site answers it")
                : sites.entrySet().stream()
                        .map(probe -> probe.getKey().substring(probe.getKey().indexOf('/') + 1) + " is answered by "
                                + probe.getValue().orElse("no site"))
                        .collect(Collectors.joining(", "));
        return Optional.of(Messages.lines("Expecting client " + client, "to be served by " + site, "but " + found));
    }
}
