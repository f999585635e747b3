package page

// FewPeople is how many people a page lists to choose from. Of more than these
// it lists none, and they are looked up as one types.
const FewPeople = 60

// lookUp is where the names are looked up that a page does not list, "" where it
// lists them.
func lookUp(people []Person) string {
	if n := len(people); n > 0 && n <= FewPeople {
		return ""
	}
	return PathNames
}
