package layer_test

import (
	"strings"
	"testing"

	"github.com/rubato-hq/rubato/core/layer"
)

// TestRoute reads drafts in the five languages (R4.2, R4.3).
func TestRoute(t *testing.T) {
	for _, tt := range []struct {
		lang, point, body string
		named             bool
		want              layer.Suggestion
	}{
		// What it is.
		{"", "", "", false, layer.Suggestion{}},
		{"", "  \n", "Some context.", true, layer.Suggestion{}},
		{"en", "The feed is switched over.", "", true, layer.Suggestion{Kind: "update"}},
		{"en", "Which of the two feeds do riders read?", "", true, layer.Suggestion{Kind: "ask"}},
		{"en", "Which of the two feeds do riders read?", "", false, layer.Suggestion{Kind: "request"}},
		{"en", "Please review the draft of the contract.", "", true, layer.Suggestion{Kind: "request"}},
		{"en", "Could you look at the contract", "", false, layer.Suggestion{Kind: "request"}},
		{"en", "  can you check the third page", "", false, layer.Suggestion{Kind: "request"}},
		{"en", "We can please both sides.", "", false, layer.Suggestion{Kind: "update"}},
		{"en", "See https://example.org/?page=2 for the figures.", "", true, layer.Suggestion{Kind: "update"}},
		{"en", "Is it “done?”", "", true, layer.Suggestion{Kind: "ask"}},
		{"en", "Is it **done?**", "", true, layer.Suggestion{Kind: "ask"}},
		{"en", "Done already?!", "", true, layer.Suggestion{Kind: "ask"}},
		{"en", "It is done.", "Is it?", true, layer.Suggestion{Kind: "update"}},
		{"de", "Welcher der beiden Feeds gilt?", "", true, layer.Suggestion{Kind: "ask"}},
		{"de", "Bitte den Vertrag prüfen.", "", true, layer.Suggestion{Kind: "request"}},
		{"de", "Der Feed ist umgestellt.", "", true, layer.Suggestion{Kind: "update"}},
		{"es", "¿Cuál de los dos vale?", "", true, layer.Suggestion{Kind: "ask"}},
		{"es", "Por favor, revisa el contrato.", "", false, layer.Suggestion{Kind: "request"}},
		{"es", "El servicio ha cambiado.", "", true, layer.Suggestion{Kind: "update"}},
		{"fr", "Lequel des deux fait foi ?", "", true, layer.Suggestion{Kind: "ask"}},
		{"fr", "S'il te plaît, relis le contrat.", "", false, layer.Suggestion{Kind: "request"}},
		{"fr", "S’il vous plaît, relisez le contrat.", "", false, layer.Suggestion{Kind: "request"}},
		{"fr", "Le flux a changé.", "", true, layer.Suggestion{Kind: "update"}},
		{"tr", "Hangisi geçerli?", "", true, layer.Suggestion{Kind: "ask"}},
		{"tr", "Lütfen sözleşmeyi gözden geçir.", "", false, layer.Suggestion{Kind: "request"}},
		{"tr", "Akış değişti.", "", true, layer.Suggestion{Kind: "update"}},

		// A call that could be a document.
		{"en", "Quick call?", "", true, layer.Suggestion{Kind: "ask", Hint: "quick_call"}},
		{"en", "Feed", "Got a sec to talk it over", false, layer.Suggestion{Kind: "update", Hint: "quick_call"}},
		{"en", "Can we hop on a call about the feed", "", false, layer.Suggestion{Kind: "update", Hint: "quick_call"}},
		{"en", "Call me.", "", true, layer.Suggestion{Kind: "update", Hint: "quick_call"}},
		{"en", "The call method changed.", "It is called later; a quick questionnaire follows.", true, layer.Suggestion{Kind: "update"}},
		{"de", "Kurzer Call?", "", true, layer.Suggestion{Kind: "ask", Hint: "quick_call"}},
		{"de", "Hast du kurz Zeit?", "", true, layer.Suggestion{Kind: "ask", Hint: "quick_call"}},
		{"es", "¿Una llamada rápida?", "", true, layer.Suggestion{Kind: "ask", Hint: "quick_call"}},
		{"fr", "Un appel rapide ?", "", true, layer.Suggestion{Kind: "ask", Hint: "quick_call"}},
		{"fr", "T’as deux minutes ?", "", true, layer.Suggestion{Kind: "ask", Hint: "quick_call"}},
		{"tr", "Hızlı bir görüşme yapalım mı?", "", true, layer.Suggestion{Kind: "ask", Hint: "quick_call"}},
		{"tr", "Bir dakikan var mı?", "", true, layer.Suggestion{Kind: "ask", Hint: "quick_call"}},

		// Haste that could be a term.
		{"en", "Need the figures ASAP", "", true, layer.Suggestion{Kind: "update", Hint: "asap"}},
		{"en", "Please send the figures as soon as possible.", "", true, layer.Suggestion{Kind: "request", Hint: "asap"}},
		{"en", "Asapargus is a plant.", "", true, layer.Suggestion{Kind: "update"}},
		{"de", "Bitte sofort prüfen.", "", true, layer.Suggestion{Kind: "request", Hint: "asap"}},
		{"de", "Wir brauchen es so schnell wie möglich.", "", true, layer.Suggestion{Kind: "update", Hint: "asap"}},
		{"es", "Lo necesito lo antes posible.", "", true, layer.Suggestion{Kind: "update", Hint: "asap"}},
		{"fr", "Il le faut dès que possible.", "", true, layer.Suggestion{Kind: "update", Hint: "asap"}},
		{"tr", "Bunu acilen istiyorum.", "", true, layer.Suggestion{Kind: "update", Hint: "asap"}},
		{"tr", "En kısa sürede gönder.", "", true, layer.Suggestion{Kind: "update", Hint: "asap"}},
		{"en", "Quick call, asap?", "", true, layer.Suggestion{Kind: "ask", Hint: "quick_call"}},
	} {
		if got := layer.Route(tt.point, tt.body, tt.named); got != tt.want {
			t.Errorf("Route(%q, %q, %v) = %+v, want %+v (%s)", tt.point, tt.body, tt.named, got, tt.want, tt.lang)
		}
	}
}

// FuzzRoute: any text has at most one of the kinds, and a crisis is never suggested (R4.2).
func FuzzRoute(f *testing.F) {
	f.Add("Quick call?", "asap", true)
	f.Add("", strings.Repeat("?", 100), false)
	f.Fuzz(func(t *testing.T, point, body string, named bool) {
		s := layer.Route(point, body, named)
		switch {
		case s.Kind == "" && strings.TrimSpace(point) != "", s.Kind != "" && strings.TrimSpace(point) == "":
			t.Errorf("Route(%q) suggests %q", point, s.Kind)
		case s.Kind != "" && s.Kind != "ask" && s.Kind != "request" && s.Kind != "update":
			t.Errorf("Route(%q) suggests %q", point, s.Kind)
		case s.Kind == "ask" && !named:
			t.Errorf("Route(%q) suggests an ask of nobody", point)
		}
	})
}
