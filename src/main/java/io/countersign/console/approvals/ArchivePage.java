package io.countersign.console.approvals;

import io.countersign.api.paging.PageRequest;
import io.countersign.approval.archive.Archive;
import io.countersign.identity.CurrentUser;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Requests that were closed long ago. Each keeps its original page. */
@Controller
class ArchivePage {

    private final Archive archive;

    ArchivePage(Archive archive) {
        this.archive = archive;
    }

    @GetMapping("/archive")
    String show(@RequestParam(required = false) String cursor, Model model) {
        model.addAttribute("requests", archive.list(CurrentUser.get(), PageRequest.of(null, cursor)));
        return "approvals/archive";
    }
}
