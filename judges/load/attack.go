// Vegeta attacks as it is told, each attack at its own rate, all at once. Its results go out as it encodes them itself.
package main

import (
	"bytes"
	"encoding/json"
	"os"
	"sync"
	"time"

	vegeta "github.com/tsenart/vegeta/v12/lib"
)

type attack struct {
	Name      string
	PerSecond int
	Seconds   int
	// In vegeta's JSON format of targets.
	Targets []json.RawMessage
}

func main() {
	var attacks []attack
	must(json.NewDecoder(os.Stdin).Decode(&attacks))
	encode := vegeta.NewJSONEncoder(os.Stdout)
	var writing sync.Mutex
	var running sync.WaitGroup
	for _, each := range attacks {
		running.Add(1)
		go func() {
			defer running.Done()
			lines := [][]byte{}
			for _, target := range each.Targets {
				lines = append(lines, target)
			}
			targeter := vegeta.NewJSONTargeter(bytes.NewReader(append(bytes.Join(lines, []byte("\n")), '\n')), nil, nil)
			rate := vegeta.Rate{Freq: each.PerSecond, Per: time.Second}
			attacker := vegeta.NewAttacker()
			for result := range attacker.Attack(targeter, rate, time.Duration(each.Seconds)*time.Second, each.Name) {
				writing.Lock()
				must(encode(result))
				writing.Unlock()
			}
		}()
	}
	running.Wait()
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
