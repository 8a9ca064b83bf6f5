// The period of a search is in the reader's zone; without scripts it is in UTC.
const zone = document.getElementById("zone");
if (zone && !zone.value) {
  zone.value = Intl.DateTimeFormat().resolvedOptions().timeZone;
  document.getElementById("zone-name").textContent = zone.value;
}
// What is not filled in does not lengthen the address.
document.getElementById("audit-filters")?.addEventListener("submit", event => {
  const fields = [...event.target.elements].filter(field => field.name);
  const timed = ["from", "to"].some(name => event.target.elements[name].value);
  fields.filter(field => !field.value || field === zone && !timed).forEach(field => { field.disabled = true; });
});
window.addEventListener("pageshow", () => {
  document.querySelectorAll("#audit-filters [disabled]").forEach(field => { field.disabled = false; });
});
