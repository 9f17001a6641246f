using System.Text;
using Fovea.Formats;
using Fovea.Training.Recipes;

namespace Fovea.Recipes;

/// <summary>Recipes on disk: <c>TrainRecipe.Load("r.yaml")</c>, <c>recipe.Save("r.yaml")</c>.</summary>
public static class RecipeFile
{
    extension(TrainRecipe)
    {
        /// <summary>The recipe of a YAML file; what it leaves out keeps its default.</summary>
        /// <param name="path">The file.</param>
        /// <param name="changes">What replaces values of the file, in order: <c>RecipeOverride.Parse("train.epochs=5")</c>.</param>
        /// <exception cref="RecipeException">
        /// The file is missing or no recipe, or options are out of range; the message has a line for each problem.
        /// </exception>
        public static TrainRecipe Load(string path, params IReadOnlyList<RecipeOverride> changes) => RecipeReader.Read(path, changes);

        /// <summary>The recipe of a YAML file that may name alternatives of the program's own.</summary>
        /// <param name="path">The file.</param>
        /// <param name="kinds">Fovea's alternatives and the program's: <c>RecipeKinds.Default.With(new MyOptimizer())</c>.</param>
        /// <param name="changes">What replaces values of the file, in order.</param>
        /// <exception cref="RecipeException">As above.</exception>
        public static TrainRecipe Load(string path, RecipeKinds kinds, params IReadOnlyList<RecipeOverride> changes) =>
            RecipeReader.Read(path, kinds, changes);
    }

    extension(TrainRecipe recipe)
    {
        /// <summary>Writes a recipe with all of its options, the defaults too; a file that is there is replaced at once or not at all.</summary>
        /// <exception cref="IOException">The file cannot be written.</exception>
        public void Save(string path) => AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(RecipeWriter.Write(recipe))));
    }
}
