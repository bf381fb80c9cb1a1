/* Opens HTML reports in a browser and says, one sentence a line, what holds.
 *
 *   node html.mjs BROWSER FOLDER    with many.html (2,000 rows, the largest change is +30 %), mixed.html, stored.html and
 *                                   hostile.html in FOLDER
 */
import {fits, open, run, say} from "./pages.mjs";

const visible = "#table tbody tr:not(.more):not([hidden])";
const names = (page) => page.locator(`${visible} th`).allTextContents();
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

async function many() {
	const {context, page, said, requests} = await open("many.html");
	const change = page.locator("thead button", {hasText: "Change"});
	const first = (await names(page))[0];
	let list;

	say((await page.locator("h1").innerText()).includes("Fails:"), "the verdict is the first heading");
	say(await page.locator(visible).count() === 500, "of 2,000 rows 500 are drawn");
	say(await page.locator("#shown").innerText() === "2000 rows", "and all are counted", await page.locator("#shown").innerText());
	await change.click();
	say(await page.locator("th[aria-sort]").getAttribute("aria-sort") === "descending", "a click on a heading sorts, and says so");
	list = await page.locator(`${visible} .c`).allTextContents();
	say(parseFloat(list[0]) > 29 && list.slice(0, 100).every((c, i) => i === 0 || parseFloat(c) <= parseFloat(list[i - 1])),
		"by number, the largest change first", list.slice(0, 5));
	await change.click();
	say(parseFloat(await page.locator(`${visible} .c`).first().innerText()) < 0, "a second click turns the order");
	await page.locator("thead button", {hasText: "Benchmark"}).focus();
	await page.keyboard.press("Enter");
	list = await names(page);
	say(same(list, [...list].sort(new Intl.Collator("en", {numeric: true}).compare)), "headings work by keyboard; names sort by their numbers");
	await page.locator("thead button", {hasText: "Result"}).click();
	say((await names(page))[0] === first, "the first order comes back");

	await page.getByLabel("Search").fill("case_99 SIZE");
	list = await names(page);
	say(list.length > 0 && list.length < 500 && list.every((n) => n.includes("case_99")), "a search shows the rows that have all its words", list);
	say((await page.locator("#shown").innerText()) === `${list.length} of 2000 rows`, "and says how many");
	await page.getByRole("button", {name: "Show all"}).click();
	await page.locator("#shown", {hasText: /^2000 rows$/}).waitFor();
	say(true, "all rows come back");
	await page.locator("#by-label").selectOption({label: "slower (20)"});
	say(await page.locator(visible).count() === 20, "a choice of the result filters");
	await page.locator("#by-gate").selectOption({label: "gated (1000)"});
	await page.locator("#by-severity").selectOption("3");
	list = await page.locator(`${visible} .tag`).allTextContents();
	say(list.length > 0 && list.length < 10 && list.every((t) => t === "HIGH slower"), "and those of severity and series within it", list);

	const row = page.locator(visible).first(), button = row.getByRole("button");
	await button.focus();
	await page.keyboard.press("Enter");
	const panel = page.locator("tr.more:not([hidden])");
	say(await button.getAttribute("aria-expanded") === "true" && await panel.count() === 1, "a row opens by keyboard");
	say(await panel.locator("circle").count() === 40, "with a dot for every value of both sides", await panel.locator("circle").count());
	say((await panel.getByRole("img").getAttribute("aria-label")).startsWith("base: 20 values, median "), "and with words for who cannot see them");
	say((await panel.innerText()).includes("mann-whitney"), "and with its method");
	await page.keyboard.press("Enter");
	say(await panel.count() === 0, "and closes again");
	await row.locator("td").first().click();
	say(await panel.count() === 1, "a click on the row opens it, too");

	list = [await page.evaluate(() => location.href), (await names(page))[0]];
	say(list[0].endsWith(`#${encodeURIComponent(list[1])}`), "the address leads to the open row", list);

	await page.getByRole("button", {name: "Show all"}).click();
	await page.getByRole("button", {name: "Show 1500 more rows"}).click();
	say(await page.locator(visible).count() === 2000, "a button shows all 2,000 rows");
	say(said.length === 0, "the console stays empty", said);
	say(requests.length === 1 && requests[0].startsWith("file:"), "nothing is loaded", requests);
	await context.close();
}

/* A row that is not among the first 500, by its address. */
async function linked() {
	const {context, page, said} = await open("many.html#results%2FBM_case_777%2Fsize%3A624%20%5Breal_time%5D");
	const row = page.locator("#table tr.more:not([hidden])");

	say(await row.count() === 1 && (await row.innerText()).includes("BM_case_777"), "a row's address opens it");
	say(said.length === 0, "without a word on the console", said);
	await context.close();
}

async function mixed() {
	const {context, page, said} = await open("mixed.html", {viewport: {width: 400, height: 800}, colorScheme: "dark"});

	say(await fits(page), "at 400 pixels nothing stands out to the right");
	say(await !await page.locator("#by-suite").isVisible(), "what offers no choice is not shown");
	await page.getByRole("button", {name: "1 failed"}).click();
	say(same(await names(page), ["orders/BM_crash"]), "a count above shows its rows", await names(page));
	await page.locator(visible).first().getByRole("button").click();
	say((await page.locator("tr.more pre").innerText()).includes("loading table"), "a failure shows what the program said last");
	say(await fits(page), "and an open row fits, too");
	say(said.length === 0, "the console stays empty in the dark, too", said);
	for (const width of [1000, 1200, 1280, 1400]) {
		await page.setViewportSize({width, height: 800});
		say(await fits(page), `at ${width} pixels every column is in view, the causes included`);
	}
	await context.close();
}

async function stored() {
	const {context, page, said} = await open("stored.html");

	await page.locator(visible).first().getByRole("button").click();
	say((await page.locator("tr.more figcaption").allInnerTexts()).some((t) => t.startsWith("History")), "a stored baseline is a history");
	say(await page.locator("tr.more figure").nth(1).locator("circle").count() === 4, "with a point a run and one for the head");
	say(said.length === 0, "the console stays empty with a history", said);
	await context.close();
}

async function changed() {
	for (const width of [400, 1400]) {
		const {context, page, said} = await open("changed.html#stored%2FBM_a", {viewport: {width, height: 900}});
		const figure = page.locator("tr.more figure", {hasText: "History"});
		say(await figure.locator("path.shift").count() === 1, `at ${width} pixels a new level has its line`);
		say((await figure.getByRole("img").getAttribute("aria-label")).includes("new levels begin at 2026-01-19"), "and words for who cannot see it",
			await figure.getByRole("img").getAttribute("aria-label"));
		say(await figure.locator("circle").count() === 101, "a hundred runs and the head are drawn", await figure.locator("circle").count());
		say(await fits(page), "and nothing stands out to the right");
		say(said.length === 0, "the console stays empty with a change point", said);
		await context.close();
	}
}

async function hostile() {
	const {context, page, said, requests} = await open("hostile.html");

	for (const button of await page.locator("#table tbody th button").all())
		await button.click();
	say(await page.locator("tr.more").count() === await page.locator("#table tbody th button").count(), "rows with hostile names open");
	say(await page.locator("img, iframe, script:not(#data)").count() === 1, "and nothing of them is markup");
	say(said.length === 0 && requests.length === 1, "nor runs, nor is loaded", [said, requests]);
	await context.close();
}

async function scriptless() {
	const {context, page} = await open("mixed.html", {javaScriptEnabled: false});

	say(await page.locator("#table tbody tr").count() === 26 && await page.locator("svg.iv").count() > 5 && !await page.locator("form").isVisible(),
		"without scripts the verdict, all rows and their plots are there");
	await page.emulateMedia({media: "print"});
	say(await fits(page), "printed, nothing is cut off");
	await context.close();
}

await run(many, linked, mixed, stored, changed, hostile, scriptless);
