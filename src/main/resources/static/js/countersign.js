// Comfort on top of pages that work without it.

// Times are written by the server with the name of their zone; the reader sees them in their own words.
const timeZone = document.documentElement.dataset.zone || undefined;
const absolute = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", year: "numeric",
  hour: "2-digit", minute: "2-digit", timeZoneName: "short", timeZone });
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "long", timeZone });
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });

function ago(time) {
  const seconds = (time.getTime() - Date.now()) / 1000;
  const steps = [["day", 86400], ["hour", 3600], ["minute", 60]];
  for (const [unit, length] of steps) {
    if (Math.abs(seconds) >= length) {
      return relative.format(Math.round(seconds / length), unit);
    }
  }
  return relative.format(0, "minute").replace(/^this minute$/, "just now");
}

function localizeTimes(root) {
  root.querySelectorAll("time[datetime]").forEach(element => {
    const time = new Date(element.dateTime);
    const recent = Date.now() - time.getTime() < 7 * 86400 * 1000;
    element.textContent = element.hasAttribute("data-relative") && recent ? ago(time) : absolute.format(time);
    element.title = exact.format(time);
  });
}

// Menus are <details>; a click elsewhere or Escape closes them.
document.addEventListener("click", event => {
  document.querySelectorAll("details.menu[open]").forEach(menu => {
    if (!menu.contains(event.target)) {
      menu.open = false;
    }
  });
});
document.addEventListener("keydown", event => {
  if (event.key === "Escape") {
    document.querySelectorAll("details.menu[open]").forEach(menu => {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  }
});

// An answer without the wanted part is another page: the session has ended, or there is nothing to confirm any more.
document.addEventListener("htmx:beforeSwap", event => {
  const { elt } = event.detail.requestConfig;
  const wanted = elt.getAttribute("hx-select");
  if (event.detail.shouldSwap && wanted && !event.detail.serverResponse.includes(`id="${wanted.slice(1)}"`)) {
    event.detail.shouldSwap = false;
    if (elt.href) {
      window.location.assign(elt.href);
    } else {
      window.location.reload();
    }
  }
});

// A confirmation is a page of its own. Where there is room for it, it opens as a dialog over the page one came from.
document.addEventListener("htmx:afterSwap", event => {
  const dialog = event.target.closest("dialog");
  if (dialog && !dialog.open) {
    dialog.showModal();
  }
});
// What is wrong with a form in a dialog is shown in the dialog.
document.addEventListener("htmx:beforeSwap", event => {
  if (event.detail.xhr.status === 422) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});
document.addEventListener("click", event => {
  const opener = event.target.closest("[data-open]");
  if (opener) {
    document.getElementById(opener.dataset.open).showModal();
  }
});
document.addEventListener("click", event => {
  const dismiss = event.target.closest("dialog [data-dismiss]");
  if (dismiss) {
    event.preventDefault();
    dismiss.closest("dialog").close();
  }
});

// Copies what stands beside the button; where that is not allowed it is selected, ready to be copied by hand.
document.addEventListener("click", async event => {
  const button = event.target.closest("[data-copy]");
  if (!button) {
    return;
  }
  const field = document.getElementById(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(field.value);
    const label = button.querySelector("[data-copy-label]");
    const before = label.textContent;
    label.textContent = "Copied";
    setTimeout(() => { label.textContent = before; }, 2000);
  } catch {
    field.select();
  }
});

// A form that was sent is not sent twice by an impatient second click.
document.addEventListener("submit", event => {
  if (event.defaultPrevented || event.target.method !== "post") {
    return;
  }
  const form = event.target;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "true";
});
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach(form => delete form.dataset.sent);
});

// Filters apply when changed; without scripts their button does it.
document.addEventListener("change", event => {
  const form = event.target.closest("form[data-auto-submit]");
  if (form) {
    form.requestSubmit();
  }
});

// On a phone the tabs scroll sideways; the present one is in sight.
document.querySelector(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });

// The theme changes at once; without scripts the profile page has the same choice.
document.addEventListener("submit", event => {
  const theme = event.target.matches("[data-theme-switch]") ? event.submitter?.value : null;
  if (theme) {
    event.preventDefault();
    const age = theme === "system" ? 0 : 31536000;
    document.cookie = `countersign_theme=${theme}; path=/; max-age=${age}; samesite=lax`;
    document.dispatchEvent(new Event("countersign:theme"));
    event.target.querySelectorAll("button").forEach(button => {
      button.setAttribute("aria-pressed", String(button === event.submitter));
    });
  }
}, true);

// How much waits for the reader, as the server tells it. A page that is not looked at keeps no connection.
const inboxEvents = document.body.dataset.inboxEvents;
let stream = null;

async function refreshInbox(version) {
  const list = document.querySelector("[data-inbox]");
  if (!list || list.dataset.version === version) {
    return;
  }
  const busy = !list.dataset.follow || document.querySelector("dialog[open], .row-check:checked, .inbox-more[open]")
      || list.contains(document.activeElement);
  if (busy) {
    list.querySelector("[data-inbox-stale]").hidden = false;
    return;
  }
  const response = await fetch(window.location.href).catch(() => null);
  if (response?.ok && !response.redirected) {
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html").querySelector("[data-inbox]");
    if (fresh) {
      list.replaceWith(fresh);
      window.htmx.process(fresh);
      localizeTimes(fresh);
      document.dispatchEvent(new Event("countersign:inbox"));
    }
  }
}

function follow() {
  if (document.hidden) {
    stream?.close();
    stream = null;
    return;
  }
  if (stream) {
    return;
  }
  stream = new EventSource(inboxEvents);
  stream.addEventListener("inbox", event => {
    const news = JSON.parse(event.data);
    document.querySelectorAll("[data-inbox-count]").forEach(badge => {
      badge.hidden = news.count === 0;
      badge.querySelector("[data-inbox-text]").textContent = news.text;
    });
    const title = document.title.replace(/^\(\d+\+?\) /, "");
    document.title = news.count > 0 ? `(${news.text}) ${title}` : title;
    refreshInbox(news.version);
  });
}

if (inboxEvents && window.EventSource) {
  document.addEventListener("visibilitychange", follow);
  window.addEventListener("pagehide", () => {
    stream?.close();
    stream = null;
  });
  window.addEventListener("pageshow", follow);
  follow();
}

document.addEventListener("htmx:load", event => localizeTimes(event.detail.elt));
localizeTimes(document);
