package io.countersign.notification.web;

import jakarta.servlet.http.HttpServletResponse;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.servlet.ModelAndView;

/**
 * A page that says one thing: that something worked, or why it does not.
 *
 * @param good whether it worked
 * @param title what the page says in short
 * @param text the same in full
 */
record Notice(boolean good, String title, String text) {

    static ModelAndView page(HttpStatus status, String title, String text) {
        ModelAndView page = new ModelAndView("notification/notice", status);
        page.addObject("notice", new Notice(status.is2xxSuccessful(), title, text));
        return page;
    }

    /** Keeps a token in the page's address from caches and from other servers. */
    static void keepTokenHere(HttpServletResponse response) {
        response.setHeader("Referrer-Policy", "no-referrer");
        response.setHeader(HttpHeaders.CACHE_CONTROL, CacheControl.noStore().getHeaderValue());
    }
}
