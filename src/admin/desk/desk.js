// Files go one by one, with their names, as soon as they are dropped or chosen; then they are read. Without this script
// the form does the same for up to six files, without names.
(() => {
	"use strict";
	const place = document.getElementById("drop");
	const input = document.getElementById("files");
	const progress = document.getElementById("progress");
	if (!place || !input)
		return;
	const form = place.closest("form");
	const token = document.querySelector('meta[name="csrf"]').content;

	async function send(file) {
		const answer = await fetch("/drop/" + encodeURIComponent(file.name), {
			method: "PUT", body: file,
			headers: {"X-CSRF-Token": token, "Content-Type": "application/octet-stream"},
		});
		if (!answer.ok)
			throw new Error(file.name + ": " + (await answer.text()).trim());
	}

	function read() {
		const next = document.createElement("form");
		const field = document.createElement("input");
		next.method = "post";
		next.action = "/import";
		field.type = "hidden";
		field.name = "csrf";
		field.value = token;
		next.append(field);
		document.body.append(next);
		next.submit();
	}

	async function take(files) {
		let number = 0;
		try {
			for (const file of files) {
				progress.textContent = `${++number} of ${files.length}: ${file.name}`;
				await send(file);
			}
			progress.textContent = "Reading them...";
			read();
		} catch (why) {
			progress.textContent = String(why.message || why);
		}
	}

	place.addEventListener("dragover", event => { event.preventDefault(); place.classList.add("over"); });
	place.addEventListener("dragleave", () => place.classList.remove("over"));
	place.addEventListener("drop", event => {
		event.preventDefault();
		place.classList.remove("over");
		take([...event.dataTransfer.files]);
	});
	form.addEventListener("submit", event => {
		if (!input.files.length || form.elements.pasted.value)
			return;
		event.preventDefault();
		take([...input.files]);
	});
})();
