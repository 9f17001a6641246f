using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Training.Recipes;

namespace Fovea.Cli.Work;

/// <summary>The model that a recipe names.</summary>
internal static class ModelChoiceGraph
{
    extension(TrainRecipe recipe)
    {
        /// <summary>The recipe with the model's own values where the data options have none.</summary>
        internal TrainRecipe Resolved(ModelRow row) =>
            recipe with { Data = recipe.Data.Resolve(row.ImageSize, row.CropFraction, row.Mean, row.Std) };

        /// <summary>The inference graph of a resolved recipe for a batch size.</summary>
        internal Func<int, Graph> GraphOf(ModelRow row, int classes)
        {
            var model = recipe.Model;
            var options = new ModelOptions
            {
                Classes = classes,
                ImageSize = recipe.Data.ImageSize,
                DropRate = model.DropRate,
                DropPathRate = model.DropPathRate,
                NumBlocks = model.NumBlocks.Count > 0 ? model.NumBlocks : null,
                WidthMultiplier = model.WidthMultiplier.Count > 0 ? model.WidthMultiplier : null,
                Depth = model.Depth > 0 ? model.Depth : null,
                WidthFactor = model.WidthFactor > 0 ? model.WidthFactor : null,
            };
            return batch => row.Build(options, batch);
        }
    }
}
