// The report page works without this. With it, tables are sorted and filtered, and the page is
// brought up to date from time to time, while it is seen, without losing the reader's place.
"use strict";

(() => {
	const sorted = new Map(); // id of a section to the column and the way it is sorted by
	const filter = document.createElement("input");
	const pause = document.createElement("button");
	const state = document.createElement("span");
	let paused = false;
	let timer = 0;

	function rowsOf(table) {
		return [...table.tBodies[0].rows];
	}

	function valueOf(row, column) {
		const cell = row.cells[column];

		return cell.dataset.value === undefined ? cell.textContent.trim() : Number(cell.dataset.value);
	}

	function compare(a, b) {
		if (typeof a === "number" && typeof b === "number")
			return a - b;
		// Numbers stand before words, and what is not known behind both.
		if (typeof a !== typeof b)
			return typeof a === "number" ? -1 : 1;
		return a.localeCompare(b, "en", { numeric: true });
	}

	function sort(section) {
		const table = section.querySelector("table");
		const order = sorted.get(section.id);

		if (!table || !order || order.column >= table.tHead.rows[0].cells.length)
			return;
		[...table.tHead.rows[0].cells].forEach((head, column) => {
			if (column === order.column)
				head.setAttribute("aria-sort", order.way > 0 ? "ascending" : "descending");
			else
				head.removeAttribute("aria-sort");
		});
		rowsOf(table)
			.sort((a, b) => {
				// The remainder stays last, whichever way it goes.
				const other = a.classList.contains("other") - b.classList.contains("other");

				return other || order.way * compare(valueOf(a, order.column), valueOf(b, order.column));
			})
			.forEach((row) => table.tBodies[0].append(row));
	}

	function addButtons(section) {
		const table = section.querySelector("table");

		if (!table)
			return;
		[...table.tHead.rows[0].cells].forEach((head, column) => {
			const button = document.createElement("button");

			button.type = "button";
			button.textContent = head.textContent;
			button.addEventListener("click", () => {
				const order = sorted.get(section.id);
				const first = head.classList.contains("number") ? -1 : 1;
				const again = order && order.column === column;

				sorted.set(section.id, { column, way: again ? -order.way : first });
				sort(section);
			});
			head.replaceChildren(button);
		});
	}

	function applyFilter() {
		const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);

		document.querySelectorAll("main tbody tr").forEach((row) => {
			const text = row.textContent.toLowerCase();

			row.hidden = !words.every((word) => text.includes(word));
		});
	}

	function enliven() {
		const contents = document.querySelector(".contents");
		const tools = document.createElement("div");

		document.querySelectorAll("main section").forEach((section) => {
			addButtons(section);
			sort(section);
		});
		if (contents) {
			tools.className = "tools";
			tools.append(filter, pause);
			contents.append(tools);
		}
		applyFilter();
	}

	// What the reader has open, scrolled and focused, to be found again in a page that is new.
	function remember() {
		const focused = document.activeElement;
		const section = focused && focused.closest("main section");
		const same = section ? [...section.querySelectorAll("a, button, summary, .scroll")] : [];

		return {
			open: [...document.querySelectorAll("main details")].map((details) => details.open),
			scrolled: [...document.querySelectorAll("main .scroll")].map((box) => [box.scrollLeft, box.scrollTop]),
			own: focused === filter || focused === pause ? focused : null,
			section: section && section.id,
			number: same.indexOf(focused),
		};
	}

	function restore(place) {
		document.querySelectorAll("main details").forEach((details, i) => {
			details.open = Boolean(place.open[i]);
		});
		document.querySelectorAll("main .scroll").forEach((box, i) => {
			[box.scrollLeft, box.scrollTop] = place.scrolled[i] || [0, 0];
		});
		if (place.own)
			place.own.focus({ preventScroll: true });
		const section = place.section && document.getElementById(place.section);
		const same = section ? section.querySelectorAll("a, button, summary, .scroll") : [];
		if (same[place.number])
			same[place.number].focus({ preventScroll: true });
	}

	function show(page) {
		const fresh = page.querySelector("main");
		const place = remember();

		if (!fresh)
			throw new Error("no report");
		document.querySelector("main").replaceWith(document.adoptNode(fresh));
		enliven();
		restore(place);
		document.documentElement.dataset.refreshed = String(Number(document.documentElement.dataset.refreshed || 0) + 1);
	}

	async function refresh() {
		try {
			const answer = await fetch(location.href, { credentials: "same-origin" });

			if (!answer.ok)
				throw new Error(String(answer.status));
			show(new DOMParser().parseFromString(await answer.text(), "text/html"));
			state.textContent = "";
		} catch (error) {
			state.textContent = "not up to date: the daemon does not answer";
		}
		plan();
	}

	function plan() {
		const seconds = Number(document.querySelector("main").dataset.refresh) || 60;

		clearTimeout(timer);
		if (!paused && !document.hidden)
			timer = setTimeout(refresh, seconds * 1000);
	}

	filter.type = "search";
	filter.placeholder = "Filter rows";
	filter.setAttribute("aria-label", "Filter rows of all tables");
	filter.addEventListener("input", applyFilter);
	pause.type = "button";
	pause.textContent = "Pause";
	pause.addEventListener("click", () => {
		paused = !paused;
		pause.textContent = paused ? "Go on" : "Pause";
		pause.setAttribute("aria-pressed", String(paused));
		plan();
	});
	state.className = "state";
	state.setAttribute("role", "status");
	document.querySelector("header .name").append(state);
	document.addEventListener("visibilitychange", plan);
	enliven();
	plan();
})();
