package io.countersign.console.layout;

import io.countersign.identity.Scope;
import java.util.Map;

/** Where forms redirect to, and the paths of a scope's pages. */
public final class Paths {

    private Paths() {}

    /**
     * @param back a path from a form or link, possibly null
     * @param otherwise the fallback
     * @return the path if it is on this server, so that no crafted link leads elsewhere
     */
    public static String local(String back, String otherwise) {
        boolean local = back != null && back.matches("/[A-Za-z0-9._~-][A-Za-z0-9/._~?=&-]*");
        return local ? back : otherwise;
    }

    /**
     * @param variables the variables of a page's path
     * @return the project or organization that the page belongs to; the platform if to neither
     */
    public static Scope scope(Map<String, String> variables) {
        if (variables.containsKey("project")) {
            return Scope.project(variables.get("project"));
        }
        return variables.containsKey("org") ? Scope.organization(variables.get("org")) : Scope.PLATFORM;
    }

    /**
     * @param page the last part of the path, such as {@code policies}
     * @return the path of that page of a scope
     */
    public static String of(Scope scope, String page) {
        return switch (scope.type()) {
            case PROJECT -> "/projects/" + scope.id() + "/" + page;
            case ORGANIZATION -> "/orgs/" + scope.id() + "/" + page;
            case PLATFORM -> "/" + page;
        };
    }
}
