package io.countersign.api.http;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** Where people reach the server ({@code countersign.base-url}): the start of every link that leaves it. */
@Component
public class BaseUrl {

    private final String url;

    BaseUrl(@Value("${countersign.base-url}") String url) {
        this.url = url.replaceFirst("/+$", "");
    }

    /**
     * @param path a path on the server, with a leading slash
     * @return the link to it
     */
    public String to(String path) {
        return url + path;
    }
}
