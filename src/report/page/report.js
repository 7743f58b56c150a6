"use strict";
// The page works without this. With it, an arrow of the map shows its link over the map, all links open at once,
// what was ticked off stays so, PEM is copied, and paper gets the names and warnings that the screen folds away.
(() => {
	const target = (link) => {
		const hash = link.getAttribute("href");
		return hash && hash.startsWith("#") ? document.getElementById(hash.slice(1)) : null;
	};

	// Browsers that do not open a <details> for an anchor inside it.
	const reveal = (element) => {
		for (let at = element; at; at = at.parentElement)
			if (at.tagName === "DETAILS") at.open = true;
		element.scrollIntoView();
	};

	const dialog = document.createElement("dialog");
	const can_show = typeof dialog.showModal === "function";
	const head = document.createElement("header");
	const title = document.createElement("div");
	const close = document.createElement("button");
	const body = document.createElement("div");
	close.type = "button";
	close.textContent = "Close";
	close.addEventListener("click", () => dialog.close());
	dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
	head.append(title, close);
	dialog.append(head, body);
	document.body.append(dialog);

	const copy = (element) => {
		const made = element.cloneNode(true);
		made.removeAttribute("id");
		for (const inner of made.querySelectorAll("[id]")) inner.removeAttribute("id");
		return made;
	};

	const show = (inside) => {
		const summary = inside.parentElement.querySelector("summary");
		title.replaceChildren(...copy(summary).childNodes);
		body.replaceChildren(copy(inside));
		if (!dialog.open) dialog.showModal();
		dialog.scrollTop = 0;
	};

	// The chain of one link among many, under that link.
	const toggle_chain = (link, figure) => {
		const item = link.closest("li");
		const shown = item.querySelector(`figure[data-of="${figure.id}"]`);
		if (shown) { shown.remove(); return; }
		const made = copy(figure);
		made.dataset.of = figure.id;
		item.append(made);
	};

	document.addEventListener("click", (event) => {
		const link = event.target.closest("a");
		const element = link && target(link);
		if (!element || event.ctrlKey || event.metaKey || event.shiftKey) return;
		event.preventDefault();
		if (link.classList.contains("ref")) { toggle_chain(link, element); return; }
		if (can_show && element.classList.contains("inside")) { show(element); return; }
		if (dialog.open) dialog.close();
		reveal(element);
		history.replaceState(null, "", link.getAttribute("href"));
	});

	const come_by_address = () => {
		const element = document.getElementById(location.hash.slice(1));
		if (element) reveal(element);
	};
	window.addEventListener("hashchange", come_by_address);
	if (location.hash) come_by_address();

	// What was ticked off is remembered by what it says, so that a newer report begins anew where it says otherwise.
	// Where nothing may be stored (some browsers refuse it to files) it stays as long as the page.
	const stored = (key, value) => {
		try {
			if (value === undefined) return localStorage.getItem(`causeway ${key}`);
			if (value) localStorage.setItem(`causeway ${key}`, "done");
			else localStorage.removeItem(`causeway ${key}`);
		} catch { /* stays as long as the page */ }
		return null;
	};
	const show_done = (card) => {
		const boxes = [...card.querySelectorAll("input")];
		card.classList.toggle("done", boxes.length > 0 && boxes.every((box) => box.checked));
	};
	for (const box of document.querySelectorAll("input[data-key]")) {
		if (stored(box.dataset.key)) box.checked = true;
		box.addEventListener("change", () => {
			stored(box.dataset.key, box.checked);
			show_done(box.closest(".card"));
		});
	}
	document.querySelectorAll(".card").forEach(show_done);

	// The clipboard is not open to every file: then what is to be copied is selected, and the browser asked.
	const copy_text = async (pre) => {
		try {
			await navigator.clipboard.writeText(pre.textContent);
			return true;
		} catch {
			pre.closest("details").open = true;
			getSelection().selectAllChildren(pre);
			return document.execCommand("copy");
		}
	};
	for (const part of document.querySelectorAll(".pem")) {
		const button = document.createElement("button");
		button.type = "button";
		button.textContent = "Copy PEM";
		button.addEventListener("click", async () => {
			const done = await copy_text(part.querySelector("pre"));
			button.textContent = done ? "Copied" : "Selected: press Ctrl+C";
		});
		part.querySelector("a").after(button);
	}

	for (const section of document.querySelectorAll(".links")) {
		const all = [...section.querySelectorAll("details.link")];
		const tools = document.createElement("div");
		const add = (words, act) => {
			const button = document.createElement("button");
			button.type = "button";
			button.textContent = words;
			button.addEventListener("click", () => act(button));
			tools.append(button);
		};
		tools.className = "tools";
		add("Open all", () => all.forEach((link) => { link.open = true; }));
		add("Close all", () => all.forEach((link) => { link.open = false; }));
		section.querySelector("h2").after(tools);
	}

	// Several deployments on one page: a list of them, those with most refused links first.
	const parts = [...document.querySelectorAll(".deployment")];
	if (parts.length > 1) {
		const list = document.createElement("ul");
		const refused = (part) => Number(part.querySelector(".pills .refused strong")?.textContent ?? 0);
		for (const part of [...parts].sort((a, b) => refused(b) - refused(a))) {
			const item = document.createElement("li");
			const link = document.createElement("a");
			const name = part.querySelector("h1");
			link.href = `#${name.id}`;
			link.textContent = name.textContent;
			item.append(link, copy(part.querySelector(".pills")));
			list.append(item);
		}
		const nav = document.createElement("nav");
		nav.append(list);
		parts[0].before(nav);
	}

	// Paper gets the links as they are on the screen, opened or not; what is short it gets whole.
	let opened = [];
	window.addEventListener("beforeprint", () => {
		opened = [...document.querySelectorAll(".boxes details:not([open]), .others:not([open])")];
		opened.forEach((part) => { part.open = true; });
	});
	window.addEventListener("afterprint", () => opened.forEach((part) => { part.open = false; }));
})();
