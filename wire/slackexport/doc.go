// Package slackexport reads exports of Slack workspaces, as Slack writes them and
// as slackdump and others imitate them: a zip or a folder with channels.json,
// users.json and one folder of day files for each channel.
//
// An export is somebody else's file, so nothing in it is believed. It is read
// where it lies, entry by entry and message by message: nothing is unpacked to
// disk, memory does not grow with the export, sizes are counted as they come out,
// and an archive that climbs, links, repeats or overlaps is refused as a whole
// ([Refused]). What cannot be read within an honest export is left out and listed
// ([Report]). Nothing here opens the network: addresses of files are dropped, and
// with them the tokens that Slack puts into them.
//
// What does not live here: who a Slack account is in Rubato, which channel
// becomes which team, and the writing of anything. The caller decides that.
package slackexport
