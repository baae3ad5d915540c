// Walks the API by a client that openapi-generator generated: BASE_URL and TOKEN come from the environment.
package main

import (
	"context"
	"fmt"
	"os"

	"qr"
)

func check(ok bool, what string, value any) {
	if !ok {
		fmt.Fprintf(os.Stderr, "%s: %v\n", what, value)
		os.Exit(1)
	}
}

func main() {
	settings := qr.NewConfiguration()
	settings.Servers = qr.ServerConfigurations{{URL: os.Getenv("BASE_URL")}}
	codes := qr.NewAPIClient(settings).CodesAPI
	ctx := context.WithValue(context.Background(), qr.ContextAccessToken, os.Getenv("TOKEN"))

	input := qr.NewQrCodeInput("https://example.com/")
	input.SetTags([]string{"go"})
	created, _, err := codes.Generate(ctx).QrCodeInput(*input).IdempotencyKey("go").Execute()
	check(err == nil && created.TargetUrl == "https://example.com/", "create", err)
	id := created.QrId

	page, _, err := codes.List(ctx).Tag("go").Limit(1).Execute()
	check(err == nil && len(page.QrCodes) == 1 && page.QrCodes[0].QrId == id, "list", err)

	read, _, err := codes.Get(ctx, id).Execute()
	check(err == nil && read.State == "open" && read.CreatedAt.Equal(created.CreatedAt), "get", err)

	file, _, err := codes.Picture(ctx, id).Format("png").Size(128).Execute()
	check(err == nil, "picture", err)
	start := make([]byte, 4)
	_, err = file.Read(start)
	check(err == nil && string(start) == "\x89PNG", "picture", start)

	change := qr.NewQrCodePatch()
	change.SetName("Menu")
	change.SetMaxScans(5)
	changed, _, err := codes.Patch(ctx, id).QrCodePatch(*change).Execute()
	check(err == nil && changed.GetName() == "Menu" && changed.GetMaxScans() == 5, "patch", err)

	figures, _, err := codes.Stats(ctx, id).Days(7).Execute()
	check(err == nil && figures.QrId == id, "stats", err)

	reply, err := codes.Delete(ctx, id).Execute()
	check(err == nil && reply.StatusCode == 204, "delete", err)
	_, reply, err = codes.Get(ctx, id).Execute()
	check(err != nil && reply.StatusCode == 404, "get after delete", err)
	fmt.Println("walked")
}
