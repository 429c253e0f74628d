/** Opens the mail program with what was written: there is no server that could send it. */
const form = document.getElementById("contact-form");

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  const values = new FormData(form);
  const subject = encodeURIComponent(String(values.get("name")));
  const body = encodeURIComponent(String(values.get("message")));
  location.href = `mailto:${form.dataset.address}?subject=${subject}&body=${body}`;
});
