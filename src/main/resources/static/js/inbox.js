// The inbox by keyboard. Everything that a key does, a link or button of the page does too.

const ROW = "countersign.inbox.row";
const keysOn = document.documentElement.dataset.keys !== "off";

const rows = () => [...document.querySelectorAll(".inbox-item[id]")];
const boxes = () => [...document.querySelectorAll(".row-check")];
const current = () => document.activeElement?.closest?.(".inbox-item") ?? null;

function focusRow(index) {
  const all = rows();
  if (all.length > 0) {
    const at = Math.max(0, Math.min(index, all.length - 1));
    all[at].focus();
    all[at].scrollIntoView({ block: "nearest" });
    sessionStorage.setItem(ROW, String(at));
  }
}

function move(step) {
  const at = rows().indexOf(current());
  focusRow(at < 0 ? (step > 0 ? 0 : rows().length - 1) : at + step);
}

function countSelection() {
  const chosen = boxes().filter(box => box.checked).length;
  const all = document.querySelector("[data-select-all]");
  if (all) {
    all.checked = chosen > 0 && chosen === boxes().length;
    all.indeterminate = chosen > 0 && chosen < boxes().length;
    document.querySelector("[data-selected]").textContent = chosen === 0 ? "Select all" : `${chosen} selected`;
    document.querySelectorAll("#bulk button").forEach(button => {
      button.disabled = chosen === 0;
    });
  }
  return chosen;
}

function decide(kind) {
  if (countSelection() > 0) {
    document.querySelector(`#bulk button[value=${kind}]`).click();
    return;
  }
  const row = current();
  if (row) {
    sessionStorage.setItem(ROW, String(rows().indexOf(row)));
    row.querySelector(kind === "approve" ? ".btn-approve" : ".btn-reject").click();
  }
}

const actions = {
  j: () => move(1),
  k: () => move(-1),
  o: () => toggle(),
  v: () => current()?.querySelector(".row-title").click(),
  a: () => decide("approve"),
  r: () => decide("reject"),
  x: () => {
    const box = current()?.querySelector(".row-check");
    if (box) {
      box.checked = !box.checked;
      countSelection();
    }
  },
  "?": () => document.getElementById("keys").showModal(),
};

function toggle() {
  const details = current()?.querySelector("details");
  if (details) {
    details.open = !details.open;
  }
}

document.addEventListener("keydown", event => {
  const typing = event.target.closest?.("input:not([type=checkbox]), textarea, select, dialog");
  if (!keysOn || typing || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) {
    return;
  }
  if (event.key === "Enter" && event.target.classList?.contains("inbox-item")) {
    toggle();
  } else if (actions[event.key]) {
    event.preventDefault();
    actions[event.key]();
  }
});

document.addEventListener("change", event => {
  if (event.target.matches("[data-select-all]")) {
    boxes().forEach(box => {
      box.checked = event.target.checked;
    });
  }
  if (event.target.matches("[data-select-all], .row-check")) {
    countSelection();
  }
});

// After a decision one goes on where one was: the next request has moved up to that place.
document.addEventListener("countersign:inbox", countSelection);
const navigation = performance.getEntriesByType("navigation")[0]?.type;
if (document.querySelector(".notice-success") && sessionStorage.getItem(ROW) !== null && navigation !== "back_forward") {
  focusRow(Number(sessionStorage.getItem(ROW)));
}
countSelection();
