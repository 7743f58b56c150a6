"use strict";
// Pages work without this. With it, what changes by itself is shown as it changes, and a button that takes something
// away waits until it is said that the page was read.
(() => {
	// A button of a form with a tick box "confirm" is off until the box is ticked.
	for (const box of document.querySelectorAll("input[name=confirm]")) {
		const buttons = box.form.querySelectorAll("button");
		const show = () => { for (const button of buttons) button.disabled = !box.checked; };
		box.addEventListener("change", show);
		show();
	}

	// A form is sent once: the second click of an impatient hand asks nothing twice.
	for (const form of document.querySelectorAll("form[method=post]"))
		form.addEventListener("submit", (event) => {
			if (form.dataset.sent) event.preventDefault();
			form.dataset.sent = "yes";
		});
	window.addEventListener("pageshow", () => {
		for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
	});

	// An anchor inside of something folded.
	const reveal = () => {
		const element = document.getElementById(location.hash.slice(1));
		for (let at = element; at; at = at.parentElement)
			if (at.tagName === "DETAILS") at.open = true;
		if (element && element.closest("details")) element.scrollIntoView();
	};
	window.addEventListener("hashchange", reveal);
	if (location.hash) reveal();

	// The server says that something changed; the page asks for itself again and takes over its live parts. What is
	// open or has the focus stays as it is until the next change.
	const parts = () => [...document.querySelectorAll("[data-live]")];
	if (!parts().length || !window.EventSource || !document.querySelector(".who")) return;
	let asked = false, again = false;
	const renew = async () => {
		if (asked) { again = true; return; }
		asked = true;
		try {
			const answer = await fetch(location.href, { credentials: "same-origin", redirect: "error" });
			if (answer.ok) {
				const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
				for (const part of parts()) {
					const other = fresh.getElementById(part.id);
					const busy = part.contains(document.activeElement) || part.querySelector("details[open]");
					if (other && !busy && other.innerHTML !== part.innerHTML) part.replaceWith(other);
				}
			}
		} catch { /* the next change asks again */ }
		asked = false;
		if (again) { again = false; renew(); }
	};
	// What was posted has no address that could be asked again.
	if (!location.pathname.startsWith("/do/")) new EventSource("/live").addEventListener("changed", renew);
})();
