// Loaded in the head, before anything is painted: follows the reader's light or dark preference, unless they chose one.
(() => {
  const root = document.documentElement;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const chosen = () => /(?:^|; )countersign_theme=(light|dark)(?:;|$)/.exec(document.cookie)?.[1];
  const apply = () => root.setAttribute("data-bs-theme", chosen() ?? (dark.matches ? "dark" : "light"));
  root.classList.add("js");
  apply();
  dark.addEventListener("change", apply);
  document.addEventListener("countersign:theme", apply);
  // The server writes times in this zone from the next page on.
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone && !/(?:^|; )countersign_zone=/.test(document.cookie)) {
    document.cookie = `countersign_zone=${encodeURIComponent(zone)}; path=/; max-age=31536000; samesite=lax`;
  }
})();
