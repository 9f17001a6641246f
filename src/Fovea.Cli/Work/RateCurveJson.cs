using System.Text.Json;
using Fovea.Training.RateFinding;
using Fovea.Training.Recipes;

namespace Fovea.Cli.Work;

/// <summary>A range test as members of the object that <c>--json</c> prints.</summary>
internal static class RateCurveJson
{
    internal static void Write(Utf8JsonWriter json, RateCurve curve, TrainRecipe recipe, (string Table, string Plot) files)
    {
        json.WriteString("model", recipe.Model.Title);
        json.WriteString("optimizer", recipe.Optimizer.Kind);
        json.WriteNumber("seed", recipe.Train.Seed);
        json.WriteNumber("planned_steps", curve.Range.Steps);
        json.WriteString("spacing", curve.Range.IsLinear ? "linear" : "exponential");
        json.WriteNumber("smoothing", curve.Range.Smoothing);
        json.WriteString("end", Options.OptionNames.SnakeCase(curve.End.ToString()));
        json.WriteNumber("image_size", recipe.Data.ImageSize);
        Write(json, curve.Advise());
        json.WriteStartArray("points");
        foreach (var point in curve.Points)
        {
            json.WriteStartObject();
            json.WriteNumber("step", point.Step + 1);
            json.WriteNumber("learning_rate", point.LearningRate);
            json.WriteNumber("applied_rate", point.AppliedRate);
            json.WriteNumber("loss", point.Loss);
            json.WriteNumber("smoothed_loss", point.SmoothedLoss);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("csv", Path.GetFullPath(files.Table));
        json.WriteString("png", Path.GetFullPath(files.Plot));
    }

    /// <summary>The rate to take, and what each rule finds: null where it does not count, and then with the reason.</summary>
    private static void Write(Utf8JsonWriter json, RateAdvice advice)
    {
        if (advice.Take is { } take) json.WriteNumber("take", take);
        else json.WriteNull("take");
        json.WriteBoolean("rough", advice.IsRough);
        if (advice.Rules.Count == 0)
        {
            json.WriteNull("suggestions");
            return;
        }

        json.WriteStartObject("suggestions");
        foreach (var rule in advice.Rules)
            if (rule.Counts) json.WriteNumber(Name(rule), rule.Rate);
            else json.WriteNull(Name(rule));
        json.WriteEndObject();
        json.WriteStartArray("left_out");
        foreach (var rule in advice.Rules.Where(rule => !rule.Counts))
        {
            json.WriteStartObject();
            json.WriteString("rule", Name(rule));
            json.WriteNumber("learning_rate", rule.Rate);
            json.WriteNumber("fall", rule.Fall);
            json.WriteNumber("noise", rule.Noise);
            json.WriteBoolean("tried", rule.IsTried);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string Name(RateRule rule) => Options.OptionNames.SnakeCase(rule.Kind.ToString());
}
