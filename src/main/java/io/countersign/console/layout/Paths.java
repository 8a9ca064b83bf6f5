package io.countersign.console.layout;

/** Where a form leads back to. */
public final class Paths {

    private Paths() {}

    /**
     * @param back a path that a form or link carries, possibly null
     * @param otherwise where to go without one
     * @return the path if it lies on this server, so that no crafted link leads elsewhere
     */
    public static String local(String back, String otherwise) {
        boolean local = back != null && back.matches("/[A-Za-z0-9._~-][A-Za-z0-9/._~?=&-]*");
        return local ? back : otherwise;
    }
}
