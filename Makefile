lock:
	for part in base local dev; do uv pip compile -q --generate-hashes --python-version 3.11 --no-header --no-annotate --no-emit-index-url requirements/$$part.in -o requirements/$$part.txt; done
