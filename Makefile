# One build from Maven Central alone: JDK 17, Maven 3.8, git and make are all it needs.
MVN ?= mvn
MVN_FLAGS ?= -B -ntp
STANDALONE = cd standalone && $(MVN) $(MVN_FLAGS)

.PHONY: help run test hpi bench soak random replay readers format signatures screenshots clean

help: ## what there is
	@sed -n 's/^\([a-z]*\):.*## /make \1\t/p' $(MAKEFILE_LIST)

test: ## formatting, compiler warnings, every test that needs no Jenkins
	$(STANDALONE) spotless:check verify

PORT ?= 8488
APPROVE ?=
EXAMPLE ?=
PLAYGROUND = standalone/playground/target
run: ## starts the playground; PORT=<number>, EXAMPLE=<name|all>, APPROVE=yes goes through without a person
	$(STANDALONE) -q -DskipTests test-compile -pl playground -am
	@PORT="$(PORT)" APPROVE="$(APPROVE)" EXAMPLE="$(EXAMPLE)" exec java \
		-cp "$(PLAYGROUND)/classes:$$(cat $(PLAYGROUND)/class-path)" io.jenkins.plugins.gitops.playground.Main

format: ## formats every Java file
	$(STANDALONE) -q spotless:apply

hpi: ## packages standalone/plugin/target/gitops-promotion.hpi
	$(STANDALONE) -q -DskipTests clean package -pl plugin -am

ROUNDS ?= 15
SIZE ?= full
bench: ## compares the engine with git, kustomize and yq, times waits, observations and pages; SIZE=quick is small, ROUNDS=<number> of each way
	standalone/bench/yaml-bench.sh
	standalone/bench/sync-bench.sh
	standalone/bench/verification-bench.sh
	standalone/bench/page-bench.sh
	standalone/bench/repository-bench.sh $(SIZE) $(ROUNDS)

MINUTES ?= 20
soak: ## runs gates, waits, bumps and aborts against hostile peers for MINUTES in a 256 MB heap; fails if anything grows
	$(STANDALONE) -q -DskipTests process-test-classes -pl playground -am
	@java -Xmx256m -cp "$(PLAYGROUND)/test-classes:$(PLAYGROUND)/classes:$$(cat $(PLAYGROUND)/test-class-path)" \
		io.jenkins.plugins.gitops.playground.soak.Soak $(MINUTES)

screenshots: ## makes the pictures in docs/images with Chromium
	$(STANDALONE) -q -DskipTests process-test-classes -pl playground -am
	@java -cp "$(PLAYGROUND)/test-classes:$(PLAYGROUND)/classes:$$(cat $(PLAYGROUND)/test-class-path)" \
		io.jenkins.plugins.gitops.playground.Screenshots docs/images

TRIES ?= 1000000
random: ## edits TRIES random YAML files per law, and plays as many random gates and promotions
	$(STANDALONE) -q -pl plugin -am test -Dsurefire.failIfNoSpecifiedTests=false -Dtest='EditPropertiesTest,PlacePropertiesTest,RandomKustomizationsTest,GateModelTest,SourceReleaseModelTest,PromotionModelTest' \
		-Dgitops.soak.tries=$(TRIES) -Dgates.sequences=$(TRIES) -Dpromotions.sequences=$(TRIES)

REPOSITORY ?=
COMMITS ?=
WALK ?= first-parent
EXAMPLES ?= 10
replay: ## REPOSITORY=<clone>: makes the version changes of its history with the editor, and compares; COMMITS=<most>, WALK=all, EXAMPLES=<number>
	@test -d "$(REPOSITORY)" || { echo "REPOSITORY=<clone of a config repository>"; exit 2; }
	$(STANDALONE) -q -DskipTests process-test-classes -pl playground -am
	@java -cp "$(PLAYGROUND)/test-classes:$(PLAYGROUND)/classes:$$(cat $(PLAYGROUND)/test-class-path)" \
		io.jenkins.plugins.gitops.playground.replay.Replay "$(REPOSITORY)" "$(COMMITS)" "$(WALK)" "$(EXAMPLES)"

readers: ## asks PyYAML, ruamel.yaml, yq and kustomize, where installed, about the edited YAML files
	src/test/readers/check.py

JARS ?=
signatures: ## JARS=<folder>: compares standalone/jenkins-api with the jars of a real Jenkins
	@test -d "$(JARS)" || { echo "JARS=<folder with the jars of Jenkins and its plugins>"; exit 2; }
	$(STANDALONE) -q -DskipTests -Psignatures -Djars="$(abspath $(JARS))" package -pl checks -am

clean:
	$(STANDALONE) -q clean
