using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Fovea.Cli.Output;
using Fovea.Cli.Usage;
using Fovea.Cli.Work;
using Fovea.Formats.Artefact;
using Fovea.Models;
using Fovea.Naming;
using Fovea.Pretrained;

namespace Fovea.Cli.Commands;

/// <summary><c>fovea weights</c>: the published weights of models of the catalogue.</summary>
internal static class WeightsCommand
{
    private const string Convention =
        "The first of a model are its default, which --pretrained alone takes. top-1: published, percent of ImageNet's 50 000 validation images.";

    private static readonly Argument<string?> s_filter = new("MODEL")
    {
        Description = "Only those of this model, or with this text in their name",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Argument<string> s_name = new("NAME") { Description = "Their name, or that of a model for its default ones" };

    internal static Command Create() => new Command("weights", "List, fetch and find published weights").With(
        new Command("list", "List published weights: licence, top-1, images, whether they are here").With(s_filter).Runs(List),
        new Command("get", "Fetch published weights into the cache; goes on where an earlier attempt stopped").With(s_name).Runs(Get),
        new Command("where", "Tell where published weights lie in the cache, and whether they are there").With(s_name).Runs(Where));

    private static int List(Invocation call)
    {
        var (text, cache) = (call.Value(s_filter) ?? "", WeightsCache.OfEnvironment());
        var listed = WeightsCatalog.Of(text);
        if (listed.Count == 0) listed = [.. WeightsCatalog.All.Where(weights => weights.Name.Contains(text, StringComparison.OrdinalIgnoreCase))];
        if (listed.Count == 0) throw None(text);
        var table = new TextTable("weights", "model", ">top-1 %", ">params", "images", "licence", "here");
        foreach (var weights in listed)
        {
            table.Row(
                weights.Name, weights.Model, Number(100 * weights.Top1, "0.000"), $"{Number(weights.MillionParameters, "0.00")}M", Images(weights),
                weights.Licence, cache.Has(weights) ? "yes" : "");
        }

        call.Report.Table(table);
        call.Report.Line(Convention);
        call.Report.Object(json =>
        {
            json.WriteStartArray("weights");
            foreach (var weights in listed)
            {
                json.WriteStartObject();
                Write(json, weights, cache);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
        return ExitCodes.Ok;
    }

    private static int Get(Invocation call)
    {
        var (weights, cache) = (WeightsCatalog.Find(call.Value(s_name)!), WeightsCache.OfEnvironment());
        var isFetched = LiveLines.Run(call.Report, view => cache.Fetch(weights, at => view?.Show(DownloadLine.Of(at)), call.Stop));
        call.Report.Line(
            $"{weights.Name} {(isFetched ? $"was fetched from {cache.AddressOf(weights)}" : "is here")}: {Printable.Of(cache.PathOf(weights))}; "
            + $"licence {weights.Licence}");
        call.Report.Object(json =>
        {
            Write(json, weights, cache);
            json.WriteBoolean("fetched", isFetched);
        });
        return ExitCodes.Ok;
    }

    private static int Where(Invocation call)
    {
        var (weights, cache) = (WeightsCatalog.Find(call.Value(s_name)!), WeightsCache.OfEnvironment());
        call.Report.Line(Printable.Of(cache.PathOf(weights)));
        call.Report.Line(cache.Has(weights)
            ? $"{weights.Name} is there"
            : $"{weights.Name} is not there: 'fovea weights get {weights.Name}' fetches it from {cache.AddressOf(weights)}");
        call.Report.Object(json => Write(json, weights, cache));
        return ExitCodes.Ok;
    }

    private static UsageException None(string text)
    {
        if (ModelCatalog.TryFind(text) is { } row) return new($"no weights for the model '{row.Name}' are known that can be fetched");
        var hint = NearestName.Hint(text, WeightsCatalog.All.Select(weights => weights.Model).Concat(ModelCatalog.All.Select(model => model.Name)).Distinct());
        return new($"no published weights are for '{Printable.Of(text)}' or have that in their name{hint} ('fovea weights list' lists all)");
    }

    private static void Write(Utf8JsonWriter json, PublishedWeights weights, WeightsCache cache)
    {
        json.WriteString("name", weights.Name);
        json.WriteString("model", weights.Model);
        json.WriteString("publisher", weights.Publisher);
        json.WriteString("licence", weights.Licence);
        json.WriteNumber("top1", weights.Top1);
        json.WriteNumber("million_params", weights.MillionParameters);
        json.WritePropertyName("preprocessing");
        json.WriteRawValue(PreprocessingJson.Write(weights.Preprocessing));
        json.WriteString("url", cache.AddressOf(weights).AbsoluteUri);
        json.WriteString("sha256", weights.Sha256);
        json.WriteString("file", cache.PathOf(weights));
        json.WriteBoolean("here", cache.Has(weights));
    }

    private static string Images(PublishedWeights weights)
    {
        var images = weights.Preprocessing;
        var way = images.Fit == Fovea.Images.Fit.Crop ? $"of {images.ShorterSide}" : "stretched";
        return $"{images.Height} {way}, {images.Interpolation.ToString().ToLowerInvariant()}";
    }

    private static string Number(double number, string format) => number.ToString(format, CultureInfo.InvariantCulture);
}
