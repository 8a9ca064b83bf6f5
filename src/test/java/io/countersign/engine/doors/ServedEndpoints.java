package io.countersign.engine.doors;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.catalina.Container;
import org.apache.catalina.Wrapper;
import org.glassfish.jersey.server.ResourceConfig;
import org.glassfish.jersey.server.model.Resource;
import org.glassfish.jersey.server.model.ResourceMethod;
import org.glassfish.jersey.servlet.ServletContainer;
import org.springframework.boot.web.embedded.tomcat.TomcatWebServer;
import org.springframework.boot.web.servlet.context.ServletWebServerApplicationContext;

/**
 * Every endpoint of the JAX-RS applications that a running server really has: the servlets are asked of Tomcat, their
 * resources of Jersey, and Jersey's own model says which methods and paths they answer.
 */
public final class ServedEndpoints {

    private ServedEndpoints() {}

    /**
     * An endpoint.
     *
     * @param method the HTTP method
     * @param path the whole path, with {@code {}} for each variable segment
     */
    public record Endpoint(String method, String path) implements Comparable<Endpoint> {

        @Override
        public int compareTo(Endpoint other) {
            int byPath = path.compareTo(other.path);
            return byPath == 0 ? method.compareTo(other.method) : byPath;
        }

        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    private record Found(Resource resource, String path, Set<Class<?>> above) {}

    /** @return all of them, in order */
    public static SortedSet<Endpoint> of(ServletWebServerApplicationContext server) throws Exception {
        SortedSet<Endpoint> endpoints = new TreeSet<>();
        TomcatWebServer tomcat = (TomcatWebServer) server.getWebServer();
        for (Container context : tomcat.getTomcat().getHost().findChildren()) {
            for (Container child : context.findChildren()) {
                Wrapper wrapper = (Wrapper) child;
                if (!ServletContainer.class.getName().equals(wrapper.getServletClass())
                        && !(wrapper.getServlet() instanceof ServletContainer)) {
                    continue;
                }
                wrapper.load();
                ResourceConfig application = ((ServletContainer) wrapper.getServlet()).getConfiguration();
                for (String mapping : wrapper.findMappings()) {
                    Stream.concat(
                                    application.getClasses().stream(),
                                    application.getInstances().stream().map(Object::getClass))
                            .distinct()
                            .map(Resource::from)
                            .filter(resource -> resource != null)
                            .forEach(resource -> collect(resource, mapping.replace("/*", ""), endpoints));
                }
            }
        }
        return endpoints;
    }

    private static void collect(Resource root, String mapping, SortedSet<Endpoint> endpoints) {
        Deque<Found> todo = new ArrayDeque<>();
        todo.add(new Found(root, mapping + segment(root.getPath()), Set.of()));
        while (!todo.isEmpty()) {
            Found found = todo.poll();
            for (ResourceMethod method : found.resource().getResourceMethods()) {
                endpoints.add(new Endpoint(method.getHttpMethod(), found.path()));
            }
            for (Resource child : found.resource().getChildResources()) {
                todo.add(new Found(child, found.path() + segment(child.getPath()), found.above()));
            }
            ResourceMethod locator = found.resource().getResourceLocator();
            if (locator != null) {
                Class<?> type = locator.getInvocable().getRawResponseType();
                if (found.above().contains(type)) {
                    throw new AssertionError("Endless resources at " + found.path() + ": " + type);
                }
                Resource located = Resource.from(type, true);
                if (located == null) {
                    throw new AssertionError("Not a resource at " + found.path() + ": " + type);
                }
                todo.add(new Found(
                        located,
                        found.path(),
                        Stream.concat(found.above().stream(), Stream.of(type)).collect(Collectors.toSet())));
            }
        }
    }

    /** Writes {@code {id:[^/]+}} as {@code {}}. */
    private static String segment(String path) {
        if (path == null) {
            return "";
        }
        return Arrays.stream(path.split("/"))
                .filter(part -> !part.isEmpty())
                .map(part -> "/" + part.replaceAll("\\{.*}", "{}"))
                .collect(Collectors.joining());
    }
}
