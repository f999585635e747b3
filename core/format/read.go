package format

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rubato-hq/rubato/core/phrase"
)

// walls are the paragraphs that nobody reads, and the stretches without a
// heading or a list.
func (d *said) walls() []Remark {
	var out []Remark
	plain, from := 0, 0
	end := func() {
		if plain > longest {
			out = append(out, Remark{Rule: WallOfText, Line: from, N: plain})
		}
		plain = 0
	}
	for i, b := range d.blocks {
		if b.shape == heading || b.shape == listed {
			end()
		}
		if b.shape != paragraph {
			continue
		}
		if d.counts[i] > tallest {
			out = append(out, Remark{Rule: WallOfText, Line: b.line, N: d.counts[i]})
			end() // said once is enough
			continue
		}
		if plain == 0 {
			from = b.line
		}
		plain += d.counts[i]
	}
	end()
	return out
}

// linkTexts are the links that do not say where they lead.
func (d *said) linkTexts() []Remark {
	var out []Remark
	for _, l := range d.prose.links {
		if text := strings.Join(phrase.Fold(l.text), " "); d.Checker.links[text] {
			out = append(out, Remark{Rule: LinkText, Line: l.line, Word: l.text})
		}
	}
	return out
}

// acronyms are those that are used and never explained, each where it is first.
func (d *said) acronyms() []Remark {
	explained, seen := make(map[string]bool), make(map[string]bool)
	var out []Remark
	for _, s := range d.sentences {
		for _, a := range capitals(s.text) {
			if seen[a.word] && !a.explained {
				continue
			}
			if a.explained {
				explained[a.word] = true
			}
			if !seen[a.word] && !d.known[a.word] {
				out = append(out, Remark{Rule: UndefinedAcronym, Line: s.line, Word: a.word})
			}
			seen[a.word] = true
		}
	}
	for _, b := range d.blocks { // a table or a quotation may explain one
		if b.shape == table || b.shape == quoted {
			for _, line := range b.lines {
				for cell := range strings.SplitSeq(line, "|") {
					for _, a := range capitals(strings.TrimSpace(cell)) {
						explained[a.word] = explained[a.word] || a.explained
					}
				}
				first, rest, _ := strings.Cut(strings.Trim(line, "| "), "|")
				if word := strings.TrimSpace(first); len(rest) > 0 && word != "" && strings.ToUpper(word) == word {
					explained[word] = true // a row of a glossary
				}
			}
		}
	}
	return slices.DeleteFunc(out, func(r Remark) bool { return explained[r.Word] })
}

// capital is a word of two to five capitals in a text.
type capital struct {
	word      string
	explained bool
}

// capitals finds them. Words with figures, names of files, parts of compounds
// with them, and lines that shout are none.
func capitals(text string) []capital {
	type span struct{ from, to int }
	var all []span
	loud, words := 0, 0
	from := -1
	for i, r := range text + " " {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' {
			if from < 0 {
				from = i
			}
			continue
		}
		if from < 0 {
			continue
		}
		words++
		if word := text[from:i]; upper(word) {
			loud++
			all = append(all, span{from, i})
		}
		from = -1
	}
	if words >= 3 && loud*2 > words {
		return nil
	}
	var out []capital
	for _, s := range all {
		word := text[s.from:s.to]
		singular := strings.TrimSuffix(word, "s")
		if n := utf8.RuneCountInString(singular); n < 2 || n > 5 {
			continue
		}
		before, _ := utf8.DecodeLastRuneInString(text[:s.from])
		after, size := utf8.DecodeRuneInString(text[s.to:])
		next, _ := utf8.DecodeRuneInString(text[s.to+size*min(1, len(text)-s.to):])
		if strings.ContainsRune("./\\@#$&`+", before) && s.from > 0 || after == '_' || strings.ContainsRune(".-/&+", after) && (unicode.IsLetter(next) || unicode.IsDigit(next)) ||
			before == '-' || after == '`' {
			continue
		}
		out = append(out, capital{singular, explains(text, s.from, s.to)})
	}
	return out
}

// spelled reports whether a text has words one after the other that begin with
// the letters of an acronym of three letters or more.
func spelled(text, acronym string) bool {
	var initials strings.Builder
	for _, w := range phrase.Fold(text) {
		initials.WriteByte(w[0])
	}
	short := strings.Join(phrase.Fold(acronym), "")
	return len(short) > 2 && strings.Contains(initials.String(), short)
}

// upper reports whether a word is capitals alone, with at most an s behind them.
func upper(word string) bool {
	word = strings.TrimSuffix(word, "s")
	for _, r := range word {
		if !unicode.IsUpper(r) {
			return false
		}
	}
	return word != ""
}

// explains reports whether a text says what the acronym in it stands for: "Service
// Level Objective (SLO)", "SLO (service level objective)", "SLO: service ...",
// "SLO means".
func explains(text string, from, to int) bool {
	before, after := strings.TrimRight(text[:from], " "), strings.TrimLeft(text[to:], " ")
	if strings.HasSuffix(before, "(") && (strings.HasPrefix(after, ")") || strings.HasPrefix(after, ",") || strings.HasPrefix(after, ";")) {
		return len(strings.Fields(before)) > 1 || utf8.RuneCountInString(before) > 4
	}
	if inside, ok := strings.CutPrefix(after, "("); ok {
		words, _, closed := strings.Cut(inside, ")")
		return closed && utf8.RuneCountInString(words) > 4
	}
	if before == "" && len(after) > 0 { // a line of a glossary
		for _, sign := range []string{":", "=", "–", "—", "- "} {
			if strings.HasPrefix(after, sign) {
				return true
			}
		}
	}
	if spelled(text, strings.TrimSuffix(text[from:to], "s")) {
		return true
	}
	for _, says := range meaning {
		if strings.HasPrefix(after, says) {
			return true
		}
	}
	return false
}

// meaning are the words between an acronym and what it stands for.
var meaning = []string{
	"= ", "means ", "stands for ", "is short for ", "short for ", "i.e. ", "steht für ", "bedeutet ", "heißt ", "signifie ", "veut dire ", "significa ", "quiere decir ", "demek", "anlamına ", "kısaltması",
}

// linkTexts are texts of links that say nothing of where they lead.
const linkTexts = "here|click here|this|this link|link|read more|more|see here|this page|this document|details|hier|hier klicken|klick hier|dieser link|mehr|weiterlesen|ici|cliquez ici|ce lien|lien|en savoir plus|plus|aquí|haz clic aquí|pulsa aquí|este enlace|enlace|leer más|más|burada|buraya|buradan|tıklayın|buraya tıklayın|bu bağlantı|bağlantı|devamı"

// knownAcronyms need no explanation: everybody's, of offices and of computers,
// and words that are written loud.
const knownAcronyms = `
	AB ABD ADR AG AI AM API APIs ASAP ASCII AWS BBC BCC CA CAD CC CD CEO CET CEST CFO CHF CI CIO CLI CMO COO CPU CRM CSS CSV CTO CV DB DC DE DIN DIY DNS DOC DPI DSGVO DVD EDT EN EOD EOW EOM ERP ES EST ET EU EUR EUA
	FAQ FIFO FR FTP FYI GB GBP GDPR GIF GMT GPS GPU GUI HD HDMI HR HTML HTTP HTTPS IBAN IBM ID IDE IDs IE IO IOS IP IPS ISBN ISO IT ITS IVA JPEG JPG JPY JS JSON KB KDV KPI KVKK LAN LED LLC LTD MB MBA MD MIT MS NASA NATO NGO NY OK ONG ONU OS OSS
	PC PDF PDT PHP PIN PM PMO PNG PO POC PR PS PST QA QR RAM REST RFC RGPD ROI RSS SA SAS SDK SEO SIM SL SMS SMTP SQL SRL SSD SSH SSL SSO SVG TB TBA TBD TC TCP TL TLS TODO TR TRY TSV TV TVA UDP UI UK UN URI URL URLs US USA USB USD UTC UTF UX
	VAT VIP VM VPN WC WIFI WLAN WWW XML YAML ZIP
	II III IV VI VII VIII IX XI XII XIII XIV XV
	MON TUE WED THU FRI SAT SUN JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC
	AND OR NOT NO YES BUT ALL ANY ONLY NEVER MUST SHALL MAY CAN WILL DO DONE DONT NOTE INFO WARN ERROR FIXME XXX STOP START NEW OLD BIG NOW THE THIS THAT WHY HOW WHAT WHO WHEN IS ARE TO IN ON AT BY IF IT WE OF FOR WITH HI HELLO PLEASE
	GET POST PUT PATCH HEAD READ WRITE TRUE FALSE NULL NONE
	UND ODER NICHT NUR NEIN JA ALLE DIE DER DAS EIN EINE ALT NEU
	ET OU NON OUI PAS TOUT TOUS LE LA LES UN UNE
	SI TODOS EL LOS LAS UNA DEL
	VE VEYA EVET HAYIR BU BİR TÜM HER YENİ
	OKR OKRs MVP SLA SLAs CRUD ETA RIP DNA HIV AIDS UNO USSR
`

// starters begin a sentence with a capital and a comma and are nobody's name.
const starters = `hi hello hey dear team all everyone folks yes no ok okay however finally first second third next also then now today tomorrow yesterday otherwise instead therefore thus meanwhile still again so please thanks
	hallo liebe moin servus ja nein zuerst dann danach heute morgen außerdem jedoch danke leider
	bonjour salut oui non enfin ensuite puis aujourd'hui cependant merci donc
	hola buenas sí no primero luego después hoy sin gracias además finalmente entonces
	merhaba selam evet hayır önce sonra bugün ancak ayrıca teşekkürler arkadaşlar ekip`

// modals stand before a name in a question.
const modals = `can could would will kann könnte kannst könntest peut pourrait puede podría should`

// calls stand before the name of whoever is asked.
const calls = `need needs que from asking`

// decisionWords begin the title of a decision, or its section, as they are folded.
const decisionWords = `decision decide entscheidung beschluss karar`

func set(words string) map[string]bool {
	out := make(map[string]bool)
	for w := range strings.FieldsSeq(words) {
		out[w] = true
	}
	return out
}
