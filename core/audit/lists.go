package audit

// entries are the lists of words (A4), in five languages: an entry a line, in the
// form that phrase.New reads. A word that means something else in another of
// the languages, or stands in names, has its companion (A4.2). Every entry has a
// line in testdata/words.tsv that it is right on, and one that it passes over.
//
//nolint:misspell,dupword // five languages
var entries = map[Class]string{
	Status: `
		standup|standups
		stand up|ups
		=daily
		daily scrum|sync|meeting|call|huddle
		=dailies
		status update|updates|meeting|meetings|call|report|round|sync|review
		=status
		project|team|weekly|program|programme status
		weekly sync|standup|status|catchup|update
		team sync|meeting|catchup|update|weekly
		updates meeting|call
		project sync|meeting|update|catchup
		sync$
		sync up|meeting|call
		check in
		checkin
		catch up
		catchup
		touch base
		touchbase
		touchpoint
		progress meeting|review|update|report|call
		round up
		roundup
		huddle
		=weekly
		status|statusmeeting|statusrunde|statusbesprechung|statustermin|statuscall|statusabstimmung|statusupdate besprechung|runde|termin
		statusmeeting|statusrunde|statusbesprechung|statustermin|statuscall|statusabstimmung|statusupdate
		jour fixe
		jourfixe
		=jf
		jf ~ team|projekt
		regeltermin|regeltermine|regelmeeting
		wochenrunde|teamrunde|morgenrunde|wochenmeeting|teammeeting|teambesprechung|wochenbesprechung|teamsitzung
		abstimmung|abstimmungstermin|abstimmungsrunde|abstimmungsmeeting
		lagebesprechung|lagerunde
		point hebdo|hebdomadaire|quotidien|équipe
		point d'avancement|avancement|d'équipe
		point d avancement|équipe
		réunion équipe|hebdo|hebdomadaire|d'équipe|d'avancement
		réunion d équipe|avancement
		réunion de suivi|service|coordination
		mêlée quotidienne
		=mêlée
		tour de table
		reunión de seguimiento|estado|avance|equipo|coordinación
		reunión semanal|diaria
		puesta en común
		puesta al día
		seguimiento semanal
		durum toplantısı|güncellemesi|güncelleme
		haftalık ~ toplantı|toplantısı
		günlük toplantı|toplantısı
		ekip toplantısı|toplantıları
		takım toplantısı
		ilerleme|koordinasyon toplantısı
		senkron|senkronizasyon toplantısı
		=senkron
	`,
	Call: `
		quick call|chat|sync|huddle
		=quick question
		hop|jump on a call
		hop|jump on a quick call
		got a sec|min|minute
		have a minute|sec|second
		5|10|15 min|mins|minute call|chat
		can we have|get|do ~ call
		can we ~ get|hop|jump on ~ call
		=huddle
		kurz telefonieren|sprechen|reden|abstimmen
		kurzer|kurzes call|telefonat
		=kurze frage
		hast du kurz
		hast du ~ minute
		können|koennen wir kurz
		petit appel|call|point
		appel|point|call rapide
		t'as ~ minute|minutes
		tu as ~ minute|minutes
		je peux|peux t'appeler
		je peux t appeler
		llamada rápida
		tienes un minuto|segundo|momento
		una pregunta rápida
		hablamos 5 min|minutos
		te llamo
		kısa bir görüşme|arama|toplantı
		bir dakikan|dakikanız var
		müsait misin|misiniz
		5 dk
		hızlı bir soru
		arayabilir miyim
	`,
	Decide: `
		decision|decisions
		decide
		deciding
		approval meeting|of|board|session
		sign off
		signoff
		go no go
		gonogo
		steering committee|group|board|meeting
		=steering
		steerco
		committee meeting
		prioritization|prioritisation
		prioritize|prioritise
		architecture|design review
		change advisory
		=cab
		entscheid*
		freigabe|freigabetermin|freigaben
		abnahme|abnahmetermin
		lenkungsausschuss|lenkungskreis|steuerkreis|steuerungskreis|lenkungsgruppe
		beschluss|beschlussfassung
		priorisierung
		décision|décisions
		arbitrage
		réunion|comité de validation
		copil
		comité de pilotage|direction
		codir
		priorisation
		decisión|decisiones
		aprobación
		comité de dirección|seguimiento
		visto bueno
		priorización
		karar|kararı|kararlar
		onay|onayı toplantısı
		onay toplantısı
		yürütme|yönlendirme kurulu|komitesi
		önceliklendirme
	`,
	Brain: `
		brainstorm*
		ideation
		idea session|jam|workshop
		ideas session
		ideenrunde|ideenworkshop|ideensammlung|ideenfindung
		kreativrunde|kreativworkshop
		remue méninges
		atelier d'idéation|d'idées|idéation
		atelier d idéation|idées
		lluvia|tormenta de ideas
		ideación
		taller de ideas
		beyin fırtınası
		fikir toplantısı|atölyesi
	`,
	ASAP: `
		asap
		urgent|urgently
		need|please ~ right now
		need this ~ now
		immediately
		why ~ not reply|replied|respond|responded|answer|answered
		why havent|didnt you reply|replied|respond|responded|answer|answered
		any update|updates
		=ping
		so schnell wie möglich
		schnellstmöglich
		dringend|dringende|dringender
		sofort
		eilt
		umgehend
		noch nichts gehört
		dès que possible
		au plus vite
		urgent|urgente
		tout de suite
		en urgence
		tu as vu mon message
		vu mon message
		lo antes posible
		cuanto antes
		ya mismo
		viste mi mensaje
		has visto mi mensaje
		acil|acilen
		en kısa sürede
		hemen
		bir an önce
		ivedi|ivedilikle
		mesajımı gördün mü
		neden cevap
	`,
	Trust: `
		1:1|1:1s
		1on1|1o1|121
		1 1
		1 on 1
		one on|to one
		one 2 one
		retro*
		offsite|offsites
		off site
		team lunch|event|dinner|building|breakfast
		coffee|coffees
		welcome
		onboarding
		farewell
		einzelgespräch|einzelgespräche
		vier augen
		teamevent|teambuilding|teamfrühstück
		kaffeerunde|kaffeepause|kaffee
		kennenlernen
		entretien individuel
		tête à tête
		rétro*
		café
		cohésion
		=pot
		pot de départ
		uno a uno
		bienvenida
		integración equipo|del
		birebir
		bire bir
		kahve
		tanışma
	`,
	Sensitive: `
		feedback
		performance review|reviews|conversation
		appraisal|appraisals
		interview|interviews
		salary
		conflict
		mediation
		exit interview|talk|meeting
		mitarbeitergespräch|feedbackgespräch|vorstellungsgespräch|personalgespräch|jahresgespräch
		konflikt|konfliktgespräch|konfliktklärung
		gehalt|gehaltsgespräch
		entretien annuel|d'embauche|professionnel
		entretien d embauche
		évaluation annuelle|individuelle
		médiation
		entrevista|entrevistas
		evaluación de desempeño
		conflicto
		mülakat
		performans görüşmesi|değerlendirmesi
		geri bildirim
		çatışma
	`,
	Fast: `
		incident|incidents
		outage
		war room
		launch
		cutover
		sev 1|0|2
		sev1|sev0|sev2
		on call
		oncall
		störung|störungen
		ausfall
		krise|krisenstab|krisensitzung
		rufbereitschaft
		go live
		golive
		panne
		cellule de crise
		astreinte
		incidencia|incidencias
		caída
		crisis
		guardia
		kesinti
		arıza
		kriz
		nöbet
	`,
	Client: `
		client|clients
		customer|customers
		demo for
		sales
		kick off with
		kunde*
		kundentermin|kundengespräch
		vertrieb
		commercial|commerciale
		démo client
		cliente*
		ventas
		müşteri*
		satış
	`,
	Train: `
		training|trainings
		course
		workshop|workshops
		webinar|webinars
		lecture|lectures
		exam|exams
		schulung|schulungen
		kurs
		vorlesung|vorlesungen
		seminar|seminare
		formation
		cours
		atelier
		webinaire
		curso|cursos
		taller
		formación
		clase|clases
		eğitim|eğitimi
		ders|dersi
		seminer
	`,
	Open: `
		office hours|hour
		sprechstunde|sprechstunden
		permanence
		horas de consulta
		ofis saati|saatleri
	`,
	Hold: `
		focus|focused
		deep work
		lunch
		commute
		flight
		train to
		hotel
		birthday
		holiday|holidays
		doctor|dentist
		reminder
		deadline
		fokuszeit|fokus
		mittag|mittagspause|mittagessen
		urlaub
		arzt|arzttermin|zahnarzt
		anfahrt
		concentration
		déjeuner
		congés|congé
		trajet
		concentración
		almuerzo
		vacaciones
		viaje
		odak
		öğle
		izin
		yol
		doktor
	`,
	Off: `
		^cancelled|canceled
		^abgesagt
		^entfällt
		^annulé|annulée
		^cancelado|cancelada
		^iptal
	`,
	Request: `
		can|could|would|will you
		please
		plz|pls
		kannst|könntest|koenntest|würdest du
		können|könnten|würden sie
		bitte
		peux|pourrais tu
		pouvez|pourriez vous
		s'il te|vous plaît
		stp|svp
		puedes|podrías|podrias
		por favor
		lütfen
		bakabilir|yapabilir|gönderebilir|atabilir misin|misiniz
	`,
	Window: `
		by eod|eow|tomorrow|tonight|noon|monday|tuesday|wednesday|thursday|friday|saturday|sunday
		by the end of
		by next|this week|month|monday|tuesday|wednesday|thursday|friday
		no later than
		bis montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|morgen|mittag|übermorgen
		bis ende|spätestens
		bis zum|nächste|nächsten
		d'ici demain|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche
		d ici demain|lundi|mardi|mercredi|jeudi|vendredi
		avant demain|lundi|mardi|mercredi|jeudi|vendredi
		antes del|de lunes|martes|miércoles|jueves|viernes|mañana
		para el lunes|martes|miércoles|jueves|viernes
		pazartesi|salı|çarşamba|perşembe|cuma|yarın gününe|sabahına|akşamına kadar
		yarına|akşama|haftaya kadar
	`,
	Meet: `
		meeting|meetings
		call$
		besprechung|besprechungen|sitzung|sitzungen|telko
		réunion|réunions
		visio$
		reunión|reuniones
		llamada$
		toplantı|toplantısı
	`,
}
