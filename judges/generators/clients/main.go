// Signs in with the generated Go client, and prints each step: what it was, its status, its model and its members.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"reflect"
	"strings"

	"doorcode.example/judge/openapi"
)

func say(parts ...any) {
	texts := make([]string, len(parts))
	for at, part := range parts {
		texts[at] = fmt.Sprint(part)
	}
	fmt.Println(strings.Join(texts, "\t"))
}

// member reads a field of a model by its name, whatever the model.
func member(value any, name string) any {
	field := reflect.Indirect(reflect.ValueOf(value))
	if field.Kind() != reflect.Struct || !field.FieldByName(name).IsValid() {
		return ""
	}
	return field.FieldByName(name).Interface()
}

func given(step string, response *http.Response, err error, value any, more any) {
	if err != nil {
		say(step, 0, err.Error(), "", "", "", "")
		return
	}
	say(step, response.StatusCode, reflect.Indirect(reflect.ValueOf(value)).Type().Name(), "", member(value, "SupportReference"), "", more)
}

func refused(step string, response *http.Response, err error, more func(any) any) {
	var refusal *openapi.GenericOpenAPIError
	if !errors.As(err, &refusal) || refusal.Model() == nil {
		say(step, 0, fmt.Sprint(err), "", "", "", "")
		return
	}
	model := refusal.Model()
	if union, isUnion := model.(openapi.CodeRefused); isUnion {
		model = union.GetActualInstanceValue()
	}
	detail := member(model, "Detail")
	if detail == "" {
		detail = member(model, "ErrorDescription")
	}
	say(step, response.StatusCode, reflect.TypeOf(model).Name(), detail, member(model, "SupportReference"), response.Header.Get("Retry-After"), more(model))
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Scan()
	words := strings.Fields(lines.Text())
	number, other := words[1], words[2]
	configuration := openapi.NewConfiguration()
	configuration.Servers = openapi.ServerConfigurations{{URL: words[0]}}
	client := openapi.NewAPIClient(configuration)
	ctx := context.Background()
	ask := func(body *openapi.RequestOtp) openapi.ApiRequestOtpRequest {
		return client.SignInAPI.RequestOtp(ctx).RequestOtp(*body)
	}

	_, response, err := ask(openapi.NewRequestOtp(other)).Execute()
	refused("503", response, err, func(v any) any { return v.(openapi.TemporarilyUnavailable).RetryAfterSeconds })
	unknown := openapi.NewRequestOtp(number)
	unknown.SetPurpose("unknown")
	_, response, err = ask(unknown).Execute()
	refused("400", response, err, func(v any) any { return v.(openapi.InvalidRequest).Errors[0].Pointer })
	wanted := openapi.NewRequestOtp(number)
	wanted.SetPlatform("android")
	accepted, response, err := ask(wanted).IdempotencyKey("a-key-of-the-go-client").Execute()
	given("accepted", response, err, accepted, accepted.GetCodeLength())
	again, response, err := ask(wanted).IdempotencyKey("a-key-of-the-go-client").Execute()
	same := "another"
	if again.GetRequestId() == accepted.GetRequestId() {
		same = "same"
	}
	given("repeated", response, err, again, same)
	_, response, err = ask(wanted).Execute()
	refused("429", response, err, func(v any) any { return v.(openapi.TooManyRequests).RetryAfterSeconds })
	amount, payee, first := 16777217.25, "Asha", true
	approval := openapi.NewVerifyOtp(again.GetRequestId(), "000000")
	approval.SetContext(map[string]openapi.ContextValue{
		"amount": openapi.Float64AsContextValue(&amount),
		"payee":  openapi.StringAsContextValue(&payee),
		"first":  openapi.BoolAsContextValue(&first),
	})
	written, err := json.Marshal(approval.Context)
	say("context", 0, "VerifyOtp", "", "", "", string(written))
	fmt.Println("ready")

	lines.Scan()
	words = strings.Fields(lines.Text())
	verify := func(code string) openapi.ApiVerifyOtpRequest {
		body := openapi.NewVerifyOtp(again.GetRequestId(), code)
		wish := openapi.NewSessionWish()
		wish.SetLabel("Pixel 9")
		body.SetSession(*wish)
		return client.SignInAPI.VerifyOtp(ctx).VerifyOtp(*body)
	}
	_, response, err = verify(words[1]).Execute()
	refused("422", response, err, func(v any) any { return v.(openapi.IncorrectCode).AttemptsRemaining })
	verified, response, err := verify(words[0]).Execute()
	given("verified", response, err, verified, verified.GetTokenType())
	refresh := func(token string) openapi.ApiRefreshRequest {
		return client.StaySignedInAPI.Refresh(ctx).GrantType("refresh_token").RefreshToken(token)
	}
	oauth := func(v any) any { return v.(openapi.OauthError).Error }
	_, response, err = refresh(strings.Repeat("A", 96)).Execute()
	refused("junk", response, err, oauth)
	refreshed, response, err := refresh(verified.GetRefreshToken()).Attempt("an-attempt-of-the-go-client").Execute()
	given("refreshed", response, err, refreshed, refreshed.GetScope())
	token := refreshed.GetRefreshToken()
	sessions := func(body *openapi.SessionsRequest) openapi.ApiSessionsRequest {
		return client.StaySignedInAPI.Sessions(ctx).SessionsRequest(*body)
	}
	listed, response, err := sessions(openapi.NewSessionsRequest(token)).Execute()
	given("listed", response, err, listed, listed.Sessions[0].Label)
	end := openapi.NewSessionsRequest(token)
	others := "others"
	end.SetEnd(openapi.StringAsEndWish(&others))
	ended, response, err := sessions(end).Execute()
	given("ended the others", response, err, ended, len(ended.GetSessions()))
	ids := []string{"g3fCRXDqD-rsZkHT"}
	end.SetEnd(openapi.ArrayOfStringAsEndWish(&ids))
	ended, response, err = sessions(end).Execute()
	given("ended by id", response, err, ended, len(ended.GetSessions()))
	_, response, err = sessions(openapi.NewSessionsRequest("junk")).Execute()
	refused("not the latest", response, err, oauth)
	response, err = client.StaySignedInAPI.Revoke(ctx).Token(token).Execute()
	say("revoked", response.StatusCode, "nothing", "", "", "", "")
	_, response, err = refresh(token).Execute()
	refused("after", response, err, oauth)
	discovery, response, err := client.CheckATokenAPI.Discovery(ctx).Execute()
	given("discovered", response, err, discovery, discovery.GetIssuer())
	jwks, response, err := client.CheckATokenAPI.Jwks(ctx).Execute()
	given("keys", response, err, jwks, jwks.Keys[0].Alg)
}
