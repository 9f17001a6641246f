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
        if (curve.Suggest() is { } suggested)
        {
            json.WriteStartObject("suggestions");
            json.WriteNumber("valley", suggested.Valley);
            json.WriteNumber("steepest", suggested.Steepest);
            json.WriteNumber("minimum_tenth", suggested.MinimumTenth);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("suggestions");
        }

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
}
