// A client of golang.org/x/oauth2, which finds out by itself how a server wants to know it: by Basic first, then in the form.
// It reads what client.py reads, and prints a JSON list of [step, what came of it].
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"

	"golang.org/x/oauth2"
)

type given struct {
	Issuer, Client, Document string
	Tokens                   struct{ Good, Denied string }
}

// counting counts the requests, because a client that tries twice spends the server's limits twice.
type counting struct{ requests int }

func (c *counting) RoundTrip(request *http.Request) (*http.Response, error) {
	c.requests++
	return http.DefaultTransport.RoundTrip(request)
}

var steps = [][2]string{}

func step(name, outcome string) { steps = append(steps, [2]string{name, outcome}) }

func problem(err error) string {
	var refused *oauth2.RetrieveError
	if errors.As(err, &refused) {
		scheme, _, _ := strings.Cut(refused.Response.Header.Get("WWW-Authenticate"), " ")
		if scheme == "" {
			scheme = "no challenge"
		}
		return fmt.Sprintf("%d %s %s", refused.Response.StatusCode, refused.ErrorCode, scheme)
	}
	return err.Error()
}

func main() {
	var asked given
	must(json.NewDecoder(os.Stdin).Decode(&asked))
	response, err := http.Get(asked.Issuer + "/.well-known/" + asked.Document)
	must(err)
	var metadata struct {
		TokenURL string `json:"token_endpoint"`
	}
	must(json.NewDecoder(response.Body).Decode(&metadata))

	config := func(client string, style oauth2.AuthStyle) *oauth2.Config {
		return &oauth2.Config{ClientID: client, Endpoint: oauth2.Endpoint{TokenURL: metadata.TokenURL, AuthStyle: style}}
	}
	refresh := func(by *oauth2.Config, token string) (*oauth2.Token, int, error) {
		counter := &counting{}
		ctx := context.WithValue(context.Background(), oauth2.HTTPClient, &http.Client{Transport: counter})
		fresh, err := by.TokenSource(ctx, &oauth2.Token{RefreshToken: token, Expiry: time.Unix(1, 0)}).Token()
		return fresh, counter.requests, err
	}
	outcome := func(by *oauth2.Config, token string) (string, string) {
		fresh, requests, err := refresh(by, token)
		if err != nil {
			return problem(err), token
		}
		return fmt.Sprintf("%s, valid %t, expires %t, another token %t, requests %d", fresh.Type(), fresh.Valid(),
			!fresh.Expiry.IsZero(), fresh.RefreshToken != token, requests), fresh.RefreshToken
	}

	detecting := config(asked.Client, oauth2.AuthStyleAutoDetect)
	said, token := outcome(detecting, asked.Tokens.Good)
	step("refresh, detecting", said)
	said, token = outcome(config(asked.Client, oauth2.AuthStyleInParams), token)
	step("refresh, in the form", said)
	said, token = outcome(config(asked.Client, oauth2.AuthStyleInHeader), token)
	step("refresh, by Basic", said)
	withSecret := config(asked.Client, oauth2.AuthStyleAutoDetect)
	withSecret.ClientSecret = "a secret"
	said, _ = outcome(withSecret, token)
	step("refresh, with a secret", said)
	said, _ = outcome(config("other", oauth2.AuthStyleInHeader), token)
	step("another client by Basic", said)
	said, _ = outcome(config("other", oauth2.AuthStyleInParams), token)
	step("another client in the form", said)
	said, _ = outcome(detecting, asked.Tokens.Denied)
	step("a number that is denied", said)
	said, _ = outcome(detecting, "junk")
	step("refresh junk", said)
	_, err = detecting.PasswordCredentialsToken(context.Background(), "a", "b")
	step("another grant", problem(err))
	must(json.NewEncoder(os.Stdout).Encode(steps))
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
