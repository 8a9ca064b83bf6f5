// Comfort on top of pages that work without it.

// Times are written by the server in UTC; the reader sees their own zone.
const absolute = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "long" });
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

document.addEventListener("htmx:load", event => localizeTimes(event.detail.elt));
localizeTimes(document);
