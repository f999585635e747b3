package api

import "github.com/rubato-hq/rubato/core/format"

// Text is what the format check reads.
type Text struct {
	Kind string `json:"kind" enum:"update,decision,request"`
	Text string `json:"text" maxLength:"450000" doc:"Markdown, with the conclusion or the ask on top"`
}

// Checked are the remarks on a text, by line.
type Checked struct {
	Remarks []FormRemark `json:"remarks" nullable:"false"`
}

// FormRemark is one remark on the form of a text: advice, never a refusal.
type FormRemark struct {
	Rule    string `json:"rule" enum:"ask_not_on_top,ask_buried,no_owner,no_timeframe,one_option,no_recommendation,wall_of_text,undefined_acronym,link_text"`
	Line    int    `json:"line" minimum:"1"`
	Message string `json:"message" doc:"What is so, and how to mend it"`
}

func (s *Server) checkOperations() {
	on(s, endpoint{
		id: "check", method: "POST", path: "/check", policy: member, summary: "Check the form of a text before it is sent",
		detail: "Is the ask on top, is somebody named, until when, are options compared; in English, German, French, Spanish and Turkish. Nothing is kept.",
	}, func(q *request, in *struct{ Body Text }) (Checked, error) {
		out := Checked{Remarks: []FormRemark{}}
		for _, r := range s.format.Check(format.Kind(in.Body.Kind), in.Body.Text) {
			rule := string(r.Rule)
			out.Remarks = append(out.Remarks, FormRemark{Rule: rule, Line: r.Line, Message: q.words.Remark(rule, r.Word, r.N)})
		}
		return out, nil
	})
}
