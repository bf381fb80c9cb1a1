# What `go tool pprof -raw` prints, without ids: each sample with what its locations are, so that two files can be compared.
# Samples of one stack and the same labels are added up: newer versions leave those of a single file as they are, and those of nothing, too.
/^Samples:/ { part = 1; next }
/^Locations/ { part = 2; next }
/^Mappings/ { part = 3; next }
part == 0 { print; next }
part == 1 && /^[-0-9 ]+:[0-9 ]*$/ { count++; i = index($0, ":"); values[count] = substr($0, 1, i); frames[count] = substr($0, i + 1); next }
part == 1 && !count { print; next }
part == 1 { labels[count] = labels[count] "\n" $0; next }
part == 2 && /^ *[0-9]+: / { i = index($0, ":"); id = substr($0, 1, i - 1); gsub(/ /, "", id); locations[id] = substr($0, i + 2); next }
part == 2 { sub(/^ +/, " < "); locations[id] = locations[id] $0; next }
part == 3 { i = index($0, ":"); mappings[substr($0, 1, i - 1)] = substr($0, i + 2) }
END {
	for (k = 1; k <= count; k++) {
		n = split(labels[k], l, "\n")
		# Labels come in an order of their own; a handful is sorted by hand.
		for (a = 2; a <= n; a++)
			for (b = a + 1; b <= n; b++)
				if (l[b] < l[a]) { t = l[a]; l[a] = l[b]; l[b] = t }
		text = ""
		n_frames = split(frames[k], f, " ")
		for (a = 1; a <= n_frames; a++) {
			location = locations[f[a]]
			if (match(location, /M=[0-9]+/))
				location = substr(location, 1, RSTART - 1) "(" mappings[substr(location, RSTART + 2, RLENGTH - 2)] ")" substr(location, RSTART + RLENGTH)
			sub(/ s=[0-9]+(\(.*\))?$/, "", location)
			text = text " | " location
		}
		for (a = 2; a <= n; a++) text = text " {" l[a] "}"
		if (!(text in seen))
			order[++different] = text
		seen[text] = 1
		columns = split(values[k], v, /[ :]+/)
		for (a = 1; a <= columns; a++)
			if (v[a] != "") {
				sums[text, a] += v[a]
				if (a > widest)
					widest = a
			}
	}
	for (k = 1; k <= different; k++) {
		line = ""
		any = 0
		for (a = 1; a <= widest; a++)
			if ((order[k], a) in sums) {
				line = line sprintf("%.0f ", sums[order[k], a])
				any = any || sums[order[k], a] != 0
			}
		if (any)
			print line order[k]
	}
}
