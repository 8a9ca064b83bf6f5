package io.countersign.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.APIRequestContext;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.FormData;
import com.microsoft.playwright.options.ReducedMotion;
import com.microsoft.playwright.options.RequestOptions;
import io.countersign.ServerTest;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;

/**
 * A test in a real browser against the running server. Without Chromium or Chrome on this machine it is skipped, except
 * where the environment variable {@code CI} is set.
 *
 * <p>After each test, whatever it did: no page logged an error, none broke the content security policy, none asked
 * another host for anything.
 */
public abstract class BrowserTest extends ServerTest {

    /** Where {@link #shoot} leaves its pictures. */
    protected static final Path SCREENSHOTS = Path.of("target/screenshots");

    private static final int DESKTOP_WIDTH = 1280;
    private static final int PHONE_WIDTH = 390;
    private static final int HEIGHT = 840;

    // The headless shell comes first: Playwright is made for it. In a whole browser without a screen, a click once
    // waited in vain for a frame to be drawn.
    private static final List<String> NAMES = List.of(
            "chromium-headless-shell",
            "chrome-headless-shell",
            "chromium",
            "chromium-browser",
            "google-chrome",
            "google-chrome-stable",
            "chrome",
            "chrome.exe");
    private static final String AXE = "META-INF/resources/webjars/axe-core/4.6.3/axe.min.js";

    private static final Pattern CSRF = Pattern.compile("name=\"_csrf\" value=\"([^\"]+)\"");

    private static Browser browser;

    private final List<BrowserContext> contexts = new ArrayList<>();
    private final List<String> complaints = new ArrayList<>();

    @BeforeEach
    void openBrowser() {
        if (browser != null) {
            return;
        }
        Optional<Path> executable = findBrowser();
        if (executable.isEmpty()) {
            String advice = "No browser found. Install Chromium or Chrome so that it is on the PATH,"
                    + " or set the environment variable CHROMIUM to its executable.";
            assertThat(System.getenv("CI")).as(advice).isNull();
            Assumptions.abort(advice);
        }
        Playwright playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(executable.get())
                        .setArgs(List.of(
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync",
                                "--no-first-run")));
        Runtime.getRuntime().addShutdownHook(new Thread(playwright::close));
    }

    @AfterEach
    void checkConduct() {
        contexts.forEach(BrowserContext::close);
        assertThat(complaints).as("what the browser complained of").isEmpty();
    }

    /** @return a page of a browser of its own, on which nobody is signed in */
    protected Page open() {
        return open(new Browser.NewContextOptions());
    }

    /** @return a page of a browser of its own, on which nobody is signed in and no script runs */
    protected Page openWithoutScripts() {
        return open(new Browser.NewContextOptions().setJavaScriptEnabled(false));
    }

    /** @return a page of a browser of its own, on which a person of the password {@code demo} has signed in */
    protected Page openAs(String user) {
        Page page = open();
        signIn(page, user);
        return page;
    }

    /** Signs a person of the password {@code demo} in, as the form does, without drawing it. */
    protected static void signIn(Page page, String user) {
        APIRequestContext browser = page.context().request();
        Matcher token = CSRF.matcher(browser.get(server() + "/login").text());
        assertThat(token.find()).as("the sign-in form has a CSRF token").isTrue();
        browser.post(
                server() + "/login",
                RequestOptions.create()
                        .setMaxRedirects(0)
                        .setForm(FormData.create()
                                .set("username", user)
                                .set("password", "demo")
                                .set("_csrf", token.group(1))));
        page.navigate(server() + "/");
        page.waitForURL(server() + "/inbox*");
    }

    /** Presses the button, or follows the link that looks like one, of exactly this name. */
    protected static void press(Page page, String name) {
        button(page, name).or(link(page, name)).first().click();
    }

    /** @return the status that the server answers the form with that an action sends */
    protected static int statusAfter(Page page, Runnable action) {
        return page.waitForResponse(response -> response.request().isNavigationRequest(), action)
                .status();
    }

    /** @return the button of exactly this name */
    protected static Locator button(Page page, String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    /** @return the link of exactly this name */
    protected static Locator link(Page page, String name) {
        return page.getByRole(
                AriaRole.LINK, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    /**
     * Takes pictures of a page in light and dark, on a desktop and a phone, and checks each: nothing sticks out of the
     * phone's width, and axe finds nothing to object to.
     */
    protected static void shoot(Page page, String name) {
        assertThat(look(page, Optional.of(name)))
                .as("what is wrong with %s", name)
                .isEmpty();
    }

    /** @return what is wrong with a page in light or dark, on a desktop or a phone */
    protected static List<String> look(Page page) {
        return look(page, Optional.empty());
    }

    private static List<String> look(Page page, Optional<String> picture) {
        List<String> problems = new ArrayList<>();
        page.evaluate(resource(AXE) + "; null");
        for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            for (int width : List.of(DESKTOP_WIDTH, PHONE_WIDTH)) {
                page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
                page.setViewportSize(width, HEIGHT);
                String variant = (width == PHONE_WIDTH ? "-phone" : "") + (scheme == ColorScheme.DARK ? "-dark" : "");
                picture.ifPresent(name -> page.screenshot(new Page.ScreenshotOptions()
                        .setPath(SCREENSHOTS.resolve(name + variant + ".png"))
                        .setFullPage(true)));
                int outside = (Integer)
                        page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
                if (outside > 0) {
                    problems.add("sticks out by " + outside + " pixels" + variant);
                }
                // Colours are the same at any width, and the order and names of things the same in any colour.
                if (width == DESKTOP_WIDTH || scheme == ColorScheme.LIGHT) {
                    problems.addAll(accessibilityProblems(page, variant));
                }
            }
        }
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
        page.setViewportSize(DESKTOP_WIDTH, HEIGHT);
        return problems;
    }

    @SuppressWarnings("unchecked")
    private static List<String> accessibilityProblems(Page page, String variant) {
        return (List<String>) page.evaluate("""
                async variant => (await axe.run()).violations.flatMap(rule => rule.nodes.map(node =>
                    rule.id + variant + " at " + node.target + ": " + node.failureSummary))""", variant);
    }

    private Page open(Browser.NewContextOptions options) {
        BrowserContext context = browser.newContext(options.setViewportSize(DESKTOP_WIDTH, HEIGHT)
                .setReducedMotion(ReducedMotion.REDUCE)
                .setColorScheme(ColorScheme.LIGHT)
                .setLocale("en-GB")
                .setTimezoneId("Europe/Berlin"));
        context.setDefaultTimeout(15_000);
        contexts.add(context);
        context.onConsoleMessage(message -> {
            // A page that is answered with 404 or 422 is what some tests are about.
            boolean answer =
                    message.text().startsWith("Failed to load resource: the server responded with a status of 4");
            if (message.type().equals("error") && !answer) {
                complaints.add(message.text());
            }
        });
        context.onRequest(request -> {
            if (!request.url().startsWith(server() + "/") && !request.url().startsWith("data:")) {
                complaints.add("Request to another host: " + request.url());
            }
        });
        Page page = context.newPage();
        page.onPageError(complaints::add);
        return page;
    }

    private static Optional<Path> findBrowser() {
        Stream<Path> named = Stream.ofNullable(System.getenv("CHROMIUM")).map(Path::of);
        Stream<Path> onPath = Arrays.stream(
                        Optional.ofNullable(System.getenv("PATH")).orElse("").split(File.pathSeparator))
                .flatMap(directory -> NAMES.stream().map(name -> Path.of(directory, name)));
        return Stream.concat(named, onPath).filter(Files::isExecutable).findFirst();
    }

    private static String resource(String path) {
        try (InputStream content = BrowserTest.class.getClassLoader().getResourceAsStream(path)) {
            return new String(content.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("Not on the class path: " + path, e);
        }
    }
}
