package io.countersign.console.audit;

import io.countersign.api.paging.Page;
import io.countersign.api.paging.PageRequest;
import io.countersign.api.problem.InvalidInput;
import io.countersign.api.text.PlainTime;
import io.countersign.audit.AuditEntry;
import io.countersign.audit.AuditExport;
import io.countersign.audit.AuditFilter;
import io.countersign.audit.AuditTrail;
import io.countersign.audit.Origin;
import io.countersign.console.layout.Submission;
import io.countersign.console.layout.Words;
import io.countersign.identity.CurrentUser;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The audit trail, for people whose role lets them read any of it. */
@Controller
@RequestMapping("/audit")
class AuditPages {

    private static final Map<String, String> RULES = Map.of(
            "origin",
            "must be one of "
                    + Arrays.stream(Origin.values()).map(Origin::wireName).collect(Collectors.joining(", ")),
            "from",
            "must be a time such as 2025-06-01T12:00",
            "to",
            "must be a time such as 2025-06-01T12:00",
            "zone",
            "must be a time zone such as Europe/Berlin");

    private final AuditTrail trail;
    private final AuditExport export;

    AuditPages(AuditTrail trail, AuditExport export) {
        this.trail = trail;
        this.export = export;
    }

    /**
     * The filters as the form and URLs contain them. Times carry no zone of their own; a script fills in the reader's
     * zone, and without a script they are in UTC.
     *
     * @param actor a user name
     * @param type an entity type
     * @param id an entity's id
     * @param name part of an entity's name
     * @param action an action
     * @param scope a scope
     * @param origin an origin
     * @param from a local time
     * @param to a local time
     * @param zone the zone of both, such as {@code Europe/Berlin}
     */
    public record Search(
            String actor,
            String type,
            String id,
            String name,
            String action,
            String scope,
            String origin,
            String from,
            String to,
            String zone) {

        /** An unknown value is ignored: the page shows the active filters. */
        public Search {
            actor = clean(actor);
            type = clean(type);
            id = clean(id);
            name = clean(name);
            action = clean(action);
            scope = clean(scope);
            String wanted = clean(origin);
            origin = Arrays.stream(Origin.values())
                    .map(Origin::wireName)
                    .filter(known -> known.equals(wanted))
                    .findFirst()
                    .orElse(null);
            zone = zone(clean(zone)).map(ZoneId::getId).orElse(null);
            from = time(clean(from)).map(LocalDateTime::toString).orElse(null);
            to = time(clean(to)).map(LocalDateTime::toString).orElse(null);
        }

        /** @return whether any filter is set */
        public boolean filtered() {
            return !toFilter().isEmpty();
        }

        AuditFilter toFilter() {
            return new AuditFilter(
                    Optional.ofNullable(actor),
                    Optional.ofNullable(type),
                    Optional.ofNullable(id),
                    Optional.ofNullable(name),
                    Optional.ofNullable(action),
                    Optional.ofNullable(scope),
                    Optional.ofNullable(origin),
                    instant(from),
                    instant(to));
        }

        private Optional<Instant> instant(String local) {
            return time(local)
                    .map(time -> time.atZone(zone(zone).orElse(ZoneOffset.UTC)).toInstant());
        }

        private static Optional<LocalDateTime> time(String text) {
            try {
                Optional<LocalDateTime> time = Optional.ofNullable(text).map(LocalDateTime::parse);
                time.ifPresent(local -> PlainTime.require(local.toInstant(ZoneOffset.UTC)));
                return time;
            } catch (DateTimeException e) {
                return Optional.empty();
            }
        }

        private static Optional<ZoneId> zone(String text) {
            try {
                return Optional.ofNullable(text).map(ZoneId::of);
            } catch (DateTimeException e) {
                return Optional.empty();
            }
        }

        private static String clean(String text) {
            return text == null || text.isBlank() ? null : text.strip();
        }
    }

    @GetMapping
    String list(
            @ModelAttribute("search") Search search,
            @RequestParam(required = false) String cursor,
            Model model,
            Submission submission) {
        String reader = CurrentUser.get().value();
        try {
            model.addAttribute(
                    "entries",
                    trail.find(reader, search.toFilter(), PageRequest.of(null, cursor))
                            .map(TrailLine::of));
            model.addAttribute("filtered", search.filtered());
        } catch (InvalidInput problem) {
            submission.refuse(problem, Words.label(problem.getMessage()) + ".");
            model.addAttribute("entries", new Page<TrailLine>(List.of(), null));
            model.addAttribute("filtered", true);
        }
        model.addAttribute("choices", trail.choices(reader));
        model.addAttribute("origins", Origin.values());
        model.addAttribute("open", trail.isOpenTo(reader));
        return "audit/audit";
    }

    @GetMapping("/{id:\\d{1,18}}")
    String show(@PathVariable long id, Model model) {
        AuditEntry entry = trail.get(CurrentUser.get().value(), id);
        model.addAttribute("line", TrailLine.of(entry));
        return "audit/entry";
    }

    /**
     * Refuses filters that the page would ignore: a file does not say which filters apply, and would contain more than
     * was meant.
     */
    private static void requireRead(HttpServletRequest request, Search search) {
        Map<String, String> read = new LinkedHashMap<>();
        read.put("origin", search.origin());
        read.put("from", search.from());
        read.put("to", search.to());
        read.put("zone", search.zone());
        read.forEach((name, value) -> {
            String given = request.getParameter(name);
            if (given != null && !given.isBlank() && value == null) {
                throw new InvalidInput(name, RULES.get(name));
            }
        });
    }

    @GetMapping("/export")
    void export(
            @ModelAttribute("search") Search search,
            @RequestParam(defaultValue = "csv") String format,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        AuditExport.Format wanted =
                AuditExport.Format.find(format).orElseThrow(() -> new InvalidInput("format", "must be csv or jsonl"));
        requireRead(request, search);
        AuditFilter filter = search.toFilter();
        response.setContentType(wanted.mediaType());
        response.setHeader(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"audit." + wanted.wireName() + "\"");
        export.write(CurrentUser.get().value(), filter, wanted, response.getOutputStream());
    }
}
