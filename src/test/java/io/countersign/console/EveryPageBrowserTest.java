package io.countersign.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.options.ColorScheme;
import io.countersign.Client;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/**
 * Opens every page that the running server has, in both themes and at the width of a phone, and takes the pictures that
 * the documentation shows. A new page fails the first test until it is visited; a picture that no page gives any more,
 * or that no document shows, fails the second.
 *
 * <p>{@code mvn -Dtest=EveryPageBrowserTest -Ddocs=write test} writes the pictures to {@code docs/images}; without that
 * they are in {@code target/docs-images}.
 */
class EveryPageBrowserTest extends BrowserTest {

    private static final Path TAKEN = Path.of("target/docs-images");
    private static final Path SHOWN = Path.of("docs/images");
    private static final Pattern REFERENCE = Pattern.compile("(?:docs/)?images/([a-z0-9-]+\\.png)");

    private static final Pattern TOKEN = Pattern.compile("approval\\?token=(?:3D)?([A-Za-z0-9_-]{43})");

    /** Answered with no page of their own, each for a reason. */
    private static final Set<String> NO_PAGES = Set.of(
            // Where the server leads what nothing else has answered.
            "/error",
            // Parts of pages that ask for them again and again, or data for their scripts.
            "/orgs/{org}/clusters/{name}/live",
            "/projects/{project}/routes/{id}/live",
            "/mailbox/messages",
            "/mailbox/{id}/html",
            // Downloads.
            "/audit/export",
            // Shown once, after several decisions; see InboxBrowserTest.
            "/inbox/decided",
            // A link that is mailed once; see ConfirmationPageTest.
            "/notification/confirm",
            // A link that works once; see InvitationsTest.
            "/invitation");

    @Autowired
    @Qualifier("requestMappingHandlerMapping")
    private RequestMappingHandlerMapping mappings;

    /** Who opens a page, and where it lies. */
    private record Visit(String user, String path) {}

    @Test
    void every_page_is_accessible_in_both_themes_and_fits_a_phone() {
        Scene scene = new Scene();
        Map<String, Visit> visits = scene.visits();
        Map<String, Page> signedIn = new HashMap<>();
        List<String> problems = new ArrayList<>();

        Set<String> pages = pages();
        assertThat(pages).as("pages that the server has").hasSizeGreaterThan(40);
        for (String pattern : pages) {
            Visit visit = visits.getOrDefault(pattern, pattern.contains("{") ? null : new Visit("superadmin", pattern));
            if (visit == null) {
                problems.add(pattern + " is a page that nobody visits: add it to the scene of this test");
                continue;
            }
            Page page = signedIn.computeIfAbsent(visit.user(), this::enter);
            Response response = page.navigate(server() + visit.path());
            if (response.status() != 200) {
                problems.add(pattern + " answers " + response.status() + " at " + visit.path());
                continue;
            }
            look(page).forEach(problem -> problems.add(pattern + ": " + problem));
        }

        assertThat(problems).isEmpty();
    }

    @Test
    void documents_show_pictures_of_pages_as_they_are() throws IOException {
        Scene scene = new Scene();
        Map<String, Visit> pictures = new LinkedHashMap<>();
        pictures.put("inbox", new Visit("web-approver", "/inbox"));
        pictures.put("approval", new Visit("web-approver", "/approvals/" + scene.changedRouteApproval));
        pictures.put("bulk", new Visit("acme-owner2", scene.bulk));
        pictures.put("infrastructure", new Visit("acme-owner", "/orgs/acme/infrastructure"));
        pictures.put("cluster", new Visit("acme-owner", "/orgs/acme/clusters/" + scene.runningCluster));
        pictures.put("routes", new Visit("web-editor", "/projects/storefront/routes"));
        pictures.put("policies", new Visit("storefront-owner", "/projects/storefront/policies"));
        pictures.put("tenants", new Visit("superadmin", "/tenants"));
        Files.createDirectories(TAKEN);
        Map<String, Page> signedIn = new HashMap<>();

        Set<String> taken = new TreeSet<>();
        for (Map.Entry<String, Visit> picture : pictures.entrySet()) {
            Page page = signedIn.computeIfAbsent(picture.getValue().user(), this::enter);
            page.setViewportSize(1280, 860);
            assertThat(page.navigate(server() + picture.getValue().path()).status())
                    .as("status of the page of picture " + picture.getKey())
                    .isEqualTo(200);
            settle(page);
            for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
                String name = picture.getKey() + (scheme == ColorScheme.DARK ? "-dark" : "") + ".png";
                page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
                page.screenshot(new Page.ScreenshotOptions()
                        .setPath(TAKEN.resolve(name))
                        .setFullPage(picture.getKey().equals("approval")));
                taken.add(name);
            }
        }
        if ("write".equals(System.getProperty("docs"))) {
            Files.createDirectories(SHOWN);
            for (String name : taken) {
                Files.copy(TAKEN.resolve(name), SHOWN.resolve(name), StandardCopyOption.REPLACE_EXISTING);
            }
        }

        try (Stream<Path> shown = Files.list(SHOWN)) {
            assertThat(shown.map(file -> file.getFileName().toString()).toList())
                    .as("pictures in docs/images; -Ddocs=write adds those that are missing")
                    .containsExactlyInAnyOrderElementsOf(taken);
        }
        assertThat(references()).as("pictures that documents show").isEqualTo(taken);
    }

    private static Set<String> references() throws IOException {
        List<Path> documents = new ArrayList<>(List.of(Path.of("README.md")));
        try (Stream<Path> docs = Files.list(Path.of("docs"))) {
            docs.filter(file -> file.toString().endsWith(".md")).forEach(documents::add);
        }
        Set<String> references = new TreeSet<>();
        for (Path document : documents) {
            Matcher matcher = REFERENCE.matcher(Files.readString(document));
            while (matcher.find()) {
                references.add(matcher.group(1));
            }
        }
        return references;
    }

    private Page enter(String user) {
        return user.isEmpty() ? open() : openAs(user);
    }

    /** Our patterns of GET mappings that answer with a page. */
    private Set<String> pages() {
        Predicate<Map.Entry<RequestMappingInfo, HandlerMethod>> page = mapping -> {
            Set<RequestMethod> methods = mapping.getKey().getMethodsCondition().getMethods();
            Set<MediaType> types = mapping.getKey().getProducesCondition().getProducibleMediaTypes();
            return mapping.getValue().getBeanType().getPackageName().startsWith("io.countersign")
                    && !mapping.getValue().getBeanType().isAnnotationPresent(RestController.class)
                    && (methods.isEmpty() || methods.contains(RequestMethod.GET))
                    && (types.isEmpty() || types.contains(MediaType.TEXT_HTML));
        };
        return mappings.getHandlerMethods().entrySet().stream()
                .filter(page)
                .flatMap(mapping -> mapping.getKey().getPatternValues().stream())
                .filter(pattern -> !NO_PAGES.contains(pattern))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Waits for what a page loads after it is shown. */
    private static void settle(Page page) {
        page.waitForFunction(
                "() => !document.querySelector('.htmx-request, .htmx-settling')"
                        + " && [...document.querySelectorAll('.process-canvas')].every(canvas => canvas.querySelector('svg .djs-group'))");
    }

    /** What the demonstration accounts have asked for: something of everything. */
    private final class Scene {

        private final String runningCluster = free("prod-eu");
        private final String pendingCluster = free("staging-eu");
        private final String pendingClusterApproval;
        private final String otherClusterApproval;
        private final String bulk;
        private final String domain;
        private final String activeRoute;
        private final String changedRouteApproval;
        private final String attachment;
        private final String client;
        private final String tenant;
        private final String orchestrator;
        private final String auditEntry;
        private final String token;

        Scene() {
            Client owner = as("acme-owner");
            owner.post("/api/v1/orgs/acme/clusters", cluster(runningCluster, "aws", "eu-west-1"))
                    .expect(201);
            pendingClusterApproval = as("acme-admin")
                    .post("/api/v1/orgs/acme/clusters", cluster(pendingCluster, "gcp", "europe-west4"))
                    .expect(201)
                    .at("/approval_id");
            otherClusterApproval = as("acme-admin")
                    .post("/api/v1/orgs/acme/clusters", cluster(free("analytics"), "azure", "westeurope"))
                    .expect(201)
                    .at("/approval_id");
            bulk = "/inbox/decide?kind=approve&item=" + pendingClusterApproval + "&item=" + otherClusterApproval;

            String project = "/api/v1/projects/storefront";
            domain = domain(project, "shop") ? "shop" : given.unique("shop");
            if (!domain.equals("shop")) {
                domain(project, domain);
            }
            JsonNode cart = as("web-editor")
                    .post(project + "/domains/" + domain + "/routes", route("cart", "/cart"))
                    .expect(202)
                    .json();
            approve("web-approver", cart.get("approval_id").asText());
            activeRoute = cart.get("id").asText();
            as("web-admin")
                    .post(project + "/routes/" + activeRoute + "/deploy", Map.of())
                    .expect(202);
            await(() -> as("web-editor")
                    .get(project + "/routes/" + activeRoute)
                    .at("/status")
                    .equals("active"));
            changedRouteApproval = as("web-editor")
                    .put(project + "/routes/" + activeRoute, route("cart", "/basket"))
                    .expect(202)
                    .at("/approval_id");
            as("web-approver")
                    .post(
                            "/api/v1/approvals/" + changedRouteApproval + "/comments",
                            Map.of("text", "Do clients know of the new path?"))
                    .expect(201);
            as("web-editor")
                    .post(project + "/domains/" + domain + "/routes", route("search", "/search"))
                    .expect(202);
            client = as("payments-editor")
                    .post(
                            project + "/clients",
                            Map.of("name", given.unique("partner"), "team", "payments", "ip_addresses", List.of()))
                    .expect(201)
                    .at("/id");
            attachment = as("web-editor")
                    .post(project + "/attachments", Map.of("route_id", activeRoute, "client_id", client))
                    .expect(202)
                    .at("/id");

            tenant = asOrchestrator("demo-orchestrator", "demo")
                    .post(
                            "/api/v1/tenants",
                            Map.of(
                                    "tenant_id",
                                    given.unique("t"),
                                    "name",
                                    "Mill & Sons",
                                    "contact_email",
                                    "ops@example.com"))
                    .expect(201)
                    .at("/id");
            orchestrator =
                    as("superadmin").get("/api/v1/orchestrators").expect(200).at("/items/0/id");
            auditEntry =
                    as("superadmin").get("/api/v1/audit?limit=1").expect(200).at("/items/0/id");
            token = mailedToken("acme-owner2", pendingCluster);
        }

        /** @return the token of the approving link in the mail about a cluster */
        private String mailedToken(String person, String cluster) {
            String[] found = {null};
            await(() -> {
                for (MimeMessage mail : MAIL.getReceivedMessages()) {
                    String text = GreenMailUtil.getWholeMessage(mail).replace("=\r\n", "");
                    Matcher matcher = TOKEN.matcher(text);
                    if (text.contains("To: " + person + "@") && text.contains(cluster) && matcher.find()) {
                        found[0] = matcher.group(1);
                    }
                }
                return found[0] != null;
            });
            return found[0];
        }

        Map<String, Visit> visits() {
            Map<String, Visit> visits = new HashMap<>();
            visits.put("/login", new Visit("", "/login"));
            visits.put("/people/{id}", new Visit("superadmin", "/people/web-editor"));
            visits.put("/inbox", new Visit("web-approver", "/inbox"));
            visits.put("/inbox/submitted", new Visit("web-editor", "/inbox/submitted"));
            visits.put("/inbox/decide", new Visit("acme-owner2", bulk));
            String approval = "/approvals/" + changedRouteApproval;
            visits.put("/approvals/{id}", new Visit("web-approver", approval));
            visits.put("/approvals/{id}/preview", new Visit("web-approver", approval + "/preview"));
            visits.put("/approvals/{id}/decide", new Visit("web-approver", approval + "/decide?kind=reject"));
            visits.put("/approvals/{id}/cancel", new Visit("web-editor", approval + "/cancel"));
            String org = "/orgs/{org}";
            visits.put(org + "/infrastructure", new Visit("acme-owner", "/orgs/acme/infrastructure"));
            visits.put(org + "/freezes", new Visit("acme-owner", "/orgs/acme/freezes"));
            visits.put(org + "/new-cluster", new Visit("acme-admin", "/orgs/acme/new-cluster"));
            String cluster = "/orgs/acme/clusters/" + runningCluster;
            visits.put(org + "/clusters/{name}", new Visit("acme-owner", cluster));
            visits.put(org + "/clusters/{name}/edit", new Visit("acme-owner", cluster + "/edit"));
            visits.put(org + "/clusters/{name}/delete", new Visit("acme-owner", cluster + "/delete"));
            for (String page : List.of(
                    "",
                    "/members",
                    "/routes",
                    "/clients",
                    "/attachments",
                    "/policies",
                    "/domains/new",
                    "/routes/new",
                    "/clients/new",
                    "/attachments/new",
                    "/freezes")) {
                visits.put("/projects/{project}" + page, new Visit("storefront-owner", "/projects/storefront" + page));
            }
            visits.put(org + "/policies", new Visit("acme-owner", "/orgs/acme/policies"));
            visits.put(org + "/policies/{type}/edit", new Visit("acme-owner", "/orgs/acme/policies/cluster/edit"));
            visits.put("/policies/{type}/edit", new Visit("superadmin", "/policies/tenant/edit"));
            visits.put(
                    "/projects/{project}/policies/{type}/edit",
                    new Visit("storefront-owner", "/projects/storefront/policies/route/edit"));
            String route = "/projects/storefront/routes/" + activeRoute;
            visits.put("/projects/{project}/routes/{id}", new Visit("web-editor", route));
            visits.put("/projects/{project}/routes/{id}/edit", new Visit("web-editor", route + "/edit"));
            visits.put(
                    "/projects/{project}/attachments/{id}",
                    new Visit("web-editor", "/projects/storefront/attachments/" + attachment));
            visits.put(
                    "/projects/{project}/clients/{id}",
                    new Visit("payments-editor", "/projects/storefront/clients/" + client));
            visits.put("/tenants/{id}", new Visit("superadmin", "/tenants/" + tenant));
            visits.put("/tenants/{id}/{event}", new Visit("superadmin", "/tenants/" + tenant + "/reject"));
            String orchestratorPage = "/orchestrators/" + orchestrator;
            visits.put("/orchestrators/{id}", new Visit("superadmin", orchestratorPage));
            visits.put("/orchestrators/{id}/edit", new Visit("superadmin", orchestratorPage + "/edit"));
            visits.put("/orchestrators/{id}/deprovision", new Visit("superadmin", orchestratorPage + "/deprovision"));
            visits.put("/notification/approval", new Visit("acme-owner2", "/notification/approval?token=" + token));
            visits.put("/audit/{id:\\d{1,18}}", new Visit("superadmin", "/audit/" + auditEntry));
            return visits;
        }

        private boolean domain(String project, String id) {
            return as("storefront-owner")
                            .post(project + "/domains", Map.of("id", id, "host", id + ".example.com"))
                            .status()
                    == 201;
        }

        private String free(String name) {
            boolean taken =
                    as("acme-owner").get("/api/v1/orgs/acme/clusters/" + name).status() == 200;
            return taken ? given.unique(name) : name;
        }

        private void approve(String user, String approval) {
            String stage =
                    as(user).get("/api/v1/approvals/" + approval).expect(200).at("/stages/0/id");
            as(user).post("/api/v1/approvals/" + approval + "/stages/" + stage + "/approve", Map.of())
                    .expect(200);
        }

        private void await(Callable<Boolean> condition) {
            Awaitility.await().until(condition);
        }

        private static Map<String, Object> cluster(String name, String provider, String region) {
            return Map.of(
                    "name",
                    name,
                    "provider",
                    provider,
                    "region",
                    region,
                    "kubernetes_version",
                    "1.31",
                    "node_groups",
                    List.of(Map.of(
                            "name", "workers", "min_nodes", 1, "max_nodes", 3, "machine_types", List.of("t3.large"))));
        }

        private static Map<String, Object> route(String name, String path) {
            return Map.of(
                    "name",
                    name,
                    "path",
                    path,
                    "methods",
                    List.of("GET", "POST"),
                    "backend",
                    Map.of("service", name, "port", 8080));
        }
    }
}
