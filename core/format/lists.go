package format

import "strings"

// sense is what a phrase says.
type sense string

const (
	asks       sense = "ask"        // it wants something of somebody
	courtesy   sense = "courtesy"   // it sounds like an ask and is none
	concludes  sense = "conclusion" // what is so, or is to be
	recommends sense = "recommendation"
	compares   sense = "options" // more than one way is weighed
	owns       sense = "owner"
	until      sense = "timeframe"
	dated      sense = "date"
	opens      sense = "context" // how a text begins that comes to its point later
)

// senses is what a sentence says.
type senses uint16

func (s sense) bit() senses {
	for i, one := range [...]sense{asks, courtesy, concludes, recommends, compares, owns, until, dated, opens} {
		if s == one {
			return 1 << i
		}
	}
	return 0
}

func (s senses) say(what sense) bool { return s&what.bit() != 0 }

// The names of days and months, and the spans of time.
const (
	day = "monday|tuesday|wednesday|thursday|friday|saturday|sunday|tue|wed|thu|fri|" +
		"montag*|dienstag*|mittwoch*|donnerstag*|freitag*|samstag*|sonntag*|sonnabend|" +
		"lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|" +
		"lunes|martes|miércoles|jueves|viernes|sábado|domingo|" +
		"pazartesi|salı|çarşamba|perşembe|cuma|cumartesi|pazar|" +
		"0st|0nd|0rd|0th|" + month
	month = "january|february|march|april|june|july|august|september|october|november|december|jan|feb|apr|jun|jul|aug|sep|sept|oct|nov|dec|" +
		"januar|jänner|februar|märz|mai|juni|juli|oktober|dezember|" +
		"janvier|février|mars|avril|juin|juillet|août|septembre|octobre|novembre|décembre|" +
		"enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|" +
		"ocak|şubat|mart|nisan|mayıs|haziran|temmuz|ağustos|eylül|ekim|kasım|aralık"
	span = "hours|hour|days|day|weeks|week|months|month|minutes|working|business|" +
		"stunden|stunde|tagen|tage|tag|wochen|woche|monaten|monate|monat|arbeitstagen|arbeitstage|werktagen|werktage|" +
		"heures|heure|jours|jour|semaines|semaine|mois|" +
		"horas|hora|días|día|semanas|semana|meses|mes|" +
		"saat|gün|hafta|ay"
	some = "0|a|an|one|two|three|four|five|six|seven|ten|ein|einer|eine|zwei|drei|vier|fünf|sechs|sieben|zehn|un|une|deux|trois|quatre|cinq|dix|una|dos|tres|cuatro|cinco|bir|iki|üç|dört|beş"
)

// deadlines are the entries of words that stand before a day or an hour.
func deadlines(before string) string {
	var b strings.Builder
	for _, when := range []string{day, "0 " + month, "0 0", "0 am|pm|uhr|h|heures|horas", "0h|0am|0pm"} {
		b.WriteString("\n" + before + " ~ " + when)
	}
	return b.String()
}

// entries are the phrases, in the form that phrase.New reads. Figures stand as 0.
//
//nolint:misspell,dupword // five languages
func entries() map[sense]string {
	return map[sense]string{
		asks: `
		please
		can|could|would|will you
		can|could|would someone|somebody|anyone|anybody
		i need
		we need you|your|a|an|the|approval|feedback|input|somebody|someone|help|from
		need|needs ~ approval|feedback|decision|answer|review|input
		i|we ask you|for|that|everyone|everybody|all
		asking you|for
		=ask
		=my ask
		=the ask
		=our ask
		=request
		=question
		let me|us know
		tell me|us
		approve|comment|reply|respond|object|vote|review|decide ~ by|until|before|within|today|tomorrow
		what do you think
		do you agree|object
		wants|need|needs your
		your approval|answer|vote|yes|go
		bitte
		könnt|könntet|könnten|kannst|können ihr|sie|du
		kann|könnte ~ jemand
		ich|wir brauche|brauchen ~ entscheidung|rückmeldung|feedback|freigabe|antwort|zustimmung|hilfe|meinung
		brauche|brauchen ich|wir ~ entscheidung|rückmeldung|feedback|freigabe|antwort|zustimmung|hilfe|meinung|eure|ihre
		brauche|brauchen ~ von euch|dir|ihnen
		ich|wir bitte|bitten um|euch|sie|dich
		gebt|gib|geben ~ bescheid|rückmeldung|feedback
		=frage
		=bitte
		=anfrage
		stimmt|stimmst ~ zu
		merci de
		s'il vous|te plaît
		pouvez|pourriez|pourrez vous
		peux|pourrais tu
		quelqu'un peut|pourrait
		j'ai besoin
		nous|on avons|a besoin
		veuillez
		prière de
		dites|dis moi|nous
		je|nous vous|te demande|demandons
		=demande
		=question
		êtes vous d'accord
		votre accord|avis|réponse|validation
		por favor
		puedes|puede|podéis|pueden|podrías|podría|podríais|podrían
		necesito
		necesitamos ~ decisión|aprobación|respuesta|comentarios|opinión|ayuda|que
		os|les|te|le pido|pedimos|ruego|rogamos
		decidme|dime|díganme|decidnos|dígannos
		se ruega|solicita
		solicito|solicitamos
		=solicitud|petición|pregunta
		vuestra|tu|su aprobación|opinión|respuesta
		lütfen
		rica ederim|ediyorum|ederiz|ediyoruz
		ihtiyacım|ihtiyacımız var
		mısın|misin|musun|müsün|mısınız|misiniz|musunuz|müsünüz
		bekliyorum|bekliyoruz
		=talep|istek|soru|rica
		onayınız|onayınızı|onayınıza|görüşünüz|görüşünüzü|cevabınız|cevabınızı
	`,
		courtesy: `
		please note|find|see|be|bear|feel|refer|reach|contact
		please don't|do hesitate|not
		let me|us know if
		any questions
		if you have ~ questions|question
		bitte beachten|beachtet|meldet|melden|siehe
		bei fragen
		n'hésitez pas
		si vous avez des
		veuillez noter|trouver
		veuillez agréer
		no dudéis|dude|duden|dudes
		cualquier duda|pregunta
		lütfen çekinmeyin|dikkat|unutmayın
		sorularınız|sorunuz olursa|varsa
	`,
		concludes: `
		=conclusion|conclusions|summary|tldr|decision|proposal|recommendation|outcome|result|results
		=tl dr
		^tl dr
		=in short|brief
		^in short
		=bottom line
		=the decision|proposal|recommendation|outcome
		=decision outcome
		chosen option
		we decided|propose|recommend|will|chose|shipped|launched|released|moved|agreed|should|stop|start|keep|suggest
		we are|have ~ going|stopping|starting|shipping|launching|moving|keeping|ready|done|late|blocked|decided|shipped|agreed|released|finished
		i propose|recommend|suggest|decided|will|want
		document|memo|proposal|note|page|this proposes|asks|recommends|decides
		is|are|was|were|has|have|been|now done|live|ready|complete|completed|finished|shipped|delayed|late|blocked|fixed|cancelled|canceled|released|approved|rejected|resolved|closed|stable|open|available|moved|postponed|decided
		on track|schedule|time
		behind schedule
		goes|go|went live|out
		moves|move|moved to|from
		will ~ be|move|start|end|close|launch|stop|ship|change|use|get|become|take|run|go
		from now on
		no longer
		nothing changes|changed|new
		=fazit|ergebnis|zusammenfassung|entscheidung|vorschlag|empfehlung|beschluss
		=kurz gesagt
		=in kürze
		kurz gesagt
		wir haben ~ beschlossen|entschieden|ausgeliefert|veröffentlicht|abgeschlossen|umgestellt
		wir empfehlen|schlagen|werden|sollten|stellen|wechseln|führen|bleiben|nehmen|verschieben
		ich empfehle|schlage|werde
		ist|sind|wurde|wurden ~ fertig|live|abgeschlossen|erledigt|verschoben|behoben|blockiert|ausgeliefert|umgestellt|beschlossen|entschieden|online
		wird|werden ~ verschoben|eingestellt|abgeschaltet|eingeführt|umgestellt|ersetzt
		im|nach plan|zeitplan
		ab sofort
		nicht mehr
		=conclusion|résumé|décision|proposition|recommandation|résultat
		=en bref
		=en résumé
		en bref
		nous avons ~ décidé|livré|lancé|choisi|terminé|publié|convenu
		nous proposons|recommandons|allons|devons|passons|gardons|arrêtons|choisissons
		je propose|recommande|suggère
		est|sont|été ~ terminé|terminée|prêt|prête|livré|livrée|reporté|reportée|bloqué|bloquée|résolu|résolue|disponible|en ligne|annulé|annulée|lancé|lancée|corrigé|corrigée
		sera|seront ~ reporté|reportée|remplacé|remplacée|arrêté|arrêtée|lancé|lancée|disponible|fermé|fermée
		dans les temps
		ne ~ plus
		=conclusión|conclusiones|resumen|decisión|propuesta|recomendación|resultado
		=en resumen|breve
		en resumen
		hemos decidido|publicado|lanzado|elegido|terminado|acordado|entregado|migrado|cerrado
		proponemos|recomendamos|decidimos|elegimos|acordamos|vamos a
		propongo|recomiendo|sugiero
		está|están|queda|quedan|ha|han|sido ~ listo|lista|listos|listas|terminado|terminada|publicado|publicada|retrasado|retrasada|bloqueado|bloqueada|resuelto|resuelta|disponible|cancelado|cancelada|aplazado|aplazada|corregido|corregida
		se aplaza|retrasa|cancela|publica|cierra|adelanta|mueve
		será|serán ~ reemplazado|reemplazada|sustituido|sustituida|cerrado|cerrada|publicado|publicada
		ya no
		según lo previsto
		=sonuç|özet|karar|öneri|öneriler
		=kısaca|özetle
		^kısaca|özetle
		öneriyorum|öneriyoruz|öneririm|öneririz
		karar verdik|verildi|aldık|alındı
		kararlaştırdık|kararlaştırıldı|seçtik|yayınladık|yayınlandı|tamamladık|tamamlandı|bitti|ertelendi|erteliyoruz|çözüldü|düzeltildi|iptal|yayında|hazır|başladı|başlıyor|geçiyoruz|geçtik|durduruyoruz|kullanacağız|olacak|yapacağız|taşınıyor|taşındı|taşıyoruz
		plana göre|uygun
		artık
	`,
		recommends: `
		recommend*
		we|i propose|suggest|prefer|favour|favor|choose|chose|decided
		proposal|proposed
		proposes
		our|my choice|preference|pick|proposal|vote
		we should|will|choose|chose|decided|pick|go
		let's
		chosen option
		=decision
		decision outcome
		best option|choice
		option 0|a|b|c ~ is|looks ~ best|better|right
		in favour|favor of
		empfehl*
		wir|ich schlage|schlagen ~ vor
		vorschlag
		wir sollten|nehmen|entscheiden|wählen|werden|bevorzugen
		ich würde|bevorzuge
		unsere|meine wahl
		gewählte option
		=entscheidung
		recommand*
		nous|je proposons|propose|suggérons|suggère|préférons|préfère|choisissons
		nous devrions|devons|allons
		notre|ma préférence|choix|proposition
		option retenue|choisie
		il faut|faudrait
		=décision
		recomend*
		recomiendo|proponemos|propongo|sugerimos|sugiero|preferimos|prefiero|elegimos|deberíamos
		nuestra|mi propuesta|preferencia|elección
		opción elegida|preferida
		habría que
		=decisión
		öner*
		tavsiye*
		tercihimiz|tercihim
		seçmeliyiz|geçmeliyiz|kullanmalıyız|yapmalıyız|seçtik
		=karar
		seçilen seçenek
	`,
		compares: `
		alternative|alternatives|alternatively
		instead of
		versus|vs
		compared with|to
		either ~ or
		rather than
		option|options a|b|c|0
		two|three|four|both|other options|ways|choices|candidates
		we considered
		alternativ|alternative|alternativen
		statt|anstatt|anstelle
		verglichen mit
		entweder
		im vergleich
		zwei|drei|vier|beide optionen|möglichkeiten|wege|varianten
		variante|möglichkeit a|b|c|0
		alternatives
		au lieu
		plutôt que
		comparé|comparée|comparés
		deux|trois|quatre options|possibilités|solutions|voies
		soit ~ soit
		alternativa|alternativas
		en vez
		en lugar
		comparado|comparada|comparados
		dos|tres|cuatro opciones|alternativas|formas|vías
		opción|opciones a|b|c|0
		seçenek|seçenekler|seçeneği a|b|c|0
		iki|üç|dört seçenek|yol|alternatif
		alternatif|alternatifler|alternatifi
		yerine
		karşılaştırıldığında
	`,
		owns: `
		owner|owners|driver|deciders|decider|dri|assignee
		decision maker|makers
		=responsible|accountable|lead|who
		responsible for|is
		is|are responsible
		owns|decides
		owned|led|driven by
		assigned to
		i|we own|decide|lead|drive|take|will
		i'll
		verantwortlich*
		zuständig*
		=wer
		federführ*
		entscheider|entscheiderin|entscheidet
		ich übernehme|entscheide|kümmere|verantworte|werde
		kümmert|übernimmt
		responsable|responsables
		propriétaire
		décideur|décideuse|décideurs
		pilote|porteur|porteuse
		=qui
		je m'occupe|décide|pilote|prends
		décide|s'occupe
		encargado|encargada
		propietario|propietaria
		=quién
		yo decido|decide
		me encargo|ocupo
		se encarga|ocupa
		sorumlu*
		sahibi
		karar verici|veren
		=kim
		üstleniyorum|üstlendi|üstlenir|ilgileniyorum|ilgileniyor|yürütüyor|yürütücü|yürütücüsü
	`,
		until: deadlines("by|before|until|till|from|starting|effective|than") + `
		by|before|until tomorrow|tonight|noon|midnight|eod|eow|cob|lunch|then|q1|q2|q3|q4
		by|before|until the end|close|start
		by end|close
		at the end of
		by|before|until|next|end ~ week|month|quarter|sprint|year
		within|in ~ ` + some + ` ~ ` + span + `
		within an hour
		` + some + ` ` + span + ` from|after|left now|then|today|delivery|this
		comments|comment|reply|answer|review|respond|decide|vote|close|closes|closing|decision ~ ` + day + `|today|tomorrow|tonight|within
		no|not later than
		at the latest
		due
		deadline|deadlines|timeframe
		=when|until|closes|schedule|dates|timeline
		=by when
		end of ~ day|week|month|quarter|year|sprint|` + day + `
		eod|eow|cob
		takes|with effect
		as soon as
	` + deadlines("bis|ab|vor|zum|spätestens") + `
		bis|ab|vor|zum|spätestens ~ ende|morgen|heute|feierabend|mittag|mitternacht|dann|wochenende|monatsende
		nächsten|kommenden|nächster|kommender ` + day + `
		innerhalb|binnen|in ~ ` + some + ` ~ ` + span + `
		spätestens
		frist|stichtag|zeitrahmen|zeitplan
		=wann|termin
		=bis wann
		ende der|des|dieser|nächster woche|monats|quartals|jahres
		nächste|kommende|nächster|kommender woche
		fällig
	` + deadlines("avant|jusqu'au|jusqu'à|d'ici|dès|pour") + `
		avant|jusqu'à|d'ici|dès|pour ~ demain|midi|minuit|soir|fin|semaine
		à partir de|du
		` + day + ` prochain|soir|midi|matin
		sous|dans ~ ` + some + ` ~ ` + span + `
		au plus tard
		date limite
		échéance|délai
		=quand|calendrier
		fin de|du ~ semaine|mois|journée|trimestre
		la fin de|du
		semaine prochaine
	` + deadlines("antes|hasta|para") + `
		antes|hasta|para ~ mañana|mediodía|fin|final|noche|semana
		a partir de|del
		` + day + ` ~ próximo
		próximo|próxima ` + day + `|semana|mes
		en|dentro ~ ` + some + ` ~ ` + span + `
		a más tardar
		fecha límite
		plazo|vencimiento
		=cuándo|calendario
		fin|final de|del ~ semana|mes|día|año|trimestre
		kadar
		gününe|akşamına|sabahına|sonuna|itibaren
		tarihine|tarihinden
		` + some + ` saat|gün|hafta|ay|iş içinde
		` + some + ` iş günü içinde
		içinde
		son tarih|gün
		=ne zaman
		=zaman|süre|takvim|vade
		en geç
		haftaya
		gelecek|önümüzdeki hafta|ay|` + day + `
		hafta|ay|gün|yıl sonu|sonuna|sonunda
	`,
		dated: day + `
		0 ` + month + `
		` + month + ` 0
		0 0 0
		today|tonight|tomorrow|heute|morgen|übermorgen|demain|aujourd'hui|mañana|hoy|yarın|bugün
		this|diese|dieser|cette|esta|bu week|woche|semaine|semana|hafta
		0 pm|am|uhr|h|cet|cest|utc
	`,
		opens: `
		^as you ~ know
		^as many|some|most of you
		^as discussed|mentioned
		^over|in|during|for the last|past
		^last|this|earlier week|month|year|quarter|autumn|spring|summer|winter
		^recently
		^since
		^when we|i
		^historically
		^in 0
		^for some|years|months|weeks|a|many|quite|several
		^a few|couple|long
		^some time|weeks|months|years
		^several weeks|months|years
		^years ago
		^two|three weeks|months|years ago
		^following
		^after our|the|last|a
		^this document|memo|note|page describes|gives|explores|discusses|looks|collects|summarises|summarizes|tries
		^the purpose|goal|aim|background|history|idea of|behind
		^i wanted|would|have|thought|hope|was
		^i'd like
		^hope
		^first of
		^to begin
		^it all|has|is
		^there has|have|is|are|was|were
		^we have|had|met|started|talked|discussed|spent|were|use|used|run
		^we've
		^our team|company|product|customers
		^many|some of
		^in den letzten|vergangenen
		^wie ihr|sie|bekannt|besprochen
		^seit
		^als wir|ich
		^im letzten|vergangenen|rahmen|herbst|frühjahr|sommer|winter
		^letzte|letzten|vergangene woche|monat|jahr|herbst
		^vor einigen|ein|zwei|drei|kurzem|langer
		^dieses dokument
		^in diesem dokument
		^ziel dieses
		^ich wollte|möchte|hoffe
		^es gibt|gab|hat|ist
		^wir haben|hatten|nutzen|verwenden|hatten|betreiben
		^nach unserem|dem|der
		^unser|unsere team|firma|kunden
		^comme vous|vu|convenu|discuté
		^ces|au derniers|dernières|cours
		^depuis
		^quand|lorsque nous
		^la semaine|année dernière|passée
		^le mois dernier
		^il y a
		^ce document
		^l'objectif|le but
		^j'espère|je voulais|voudrais
		^suite à
		^après notre|la|le
		^notre équipe|produit|entreprise
		^nous avons|utilisons|étions
		^como sabéis|sabes|saben|hablamos
		^en los|las|el|estos ~ últimos|últimas|último
		^desde
		^cuando
		^la semana|primavera pasada
		^el mes|año pasado
		^hace
		^este documento
		^el objetivo|propósito
		^quería|quisiera|espero|me gustaría
		^tras|después
		^nuestro|nuestra
		^tenemos|hemos|usamos|llevamos|estuvimos
		^bildiğiniz|bildiğin|hatırlarsanız
		^son birkaç|haftalarda|aylarda|bir|iki|üç|dönemde|zamanlarda
		^geçen|geçtiğimiz
		^uzun süredir|zamandır
		^bu belge|doküman|belgede|belgenin|yazıda
		^umarım
		^toplantıdan|toplantımızdan
		^ekibimiz|şirketimiz|müşterilerimiz
		^bir süredir|süre
	`,
	}
}

// headings tell what a section holds: the first word or two of each.
//
//nolint:misspell // five languages
const (
	contextHeadings = "context|background|introduction|history|motivation|overview|kontext|hintergrund|einleitung|ausgangslage|motivation|einführung|contexte|introduction|historique|contexto|antecedentes|introducción|bağlam|arka|giriş|geçmiş|problem|problema|problème"
	optionHeadings  = "options|option|alternatives|alternative|optionen|alternativen|möglichkeiten|varianten|opciones|opción|alternativas|possibilités|seçenekler|seçenek|alternatifler|choices"
	askHeadings     = "ask|conclusion|conclusions|summary|decision|recommendation|proposal|request|tldr|outcome|next|question|fazit|zusammenfassung|entscheidung|empfehlung|vorschlag|bitte|frage|résumé|décision|recommandation|proposition|demande|conclusión|conclusiones|resumen|decisión|recomendación|propuesta|solicitud|sonuç|özet|karar|öneri|talep|soru"
	ownerLabels     = "owner|owners|driver|decider|deciders|responsible|accountable|lead|who|assignee|dri|verantwortlich|zuständig|entscheider|entscheiderin|wer|responsable|décideur|pilote|porteur|qui|responsables|encargado|encargada|decisor|quién|propietario|sorumlu|sahibi|kim|yürütücü"
	untilLabels     = "timeframe|deadline|due|when|until|closes|close|timeline|schedule|frist|termin|wann|zeitrahmen|fällig|zeitplan|échéance|délai|quand|calendrier|plazo|cuándo|vencimiento|calendario|zaman|süre|takvim|vade"
)
